"""The :names: of the emoji that apps use most; others stay as they are written."""

import re

_TABLE = """
white_check_mark ✅ heavy_check_mark ✔️ x ❌ warning ⚠️ tada 🎉 eyes 👀 wave 👋 hourglass ⌛
hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ calendar 📅 date 📅 spiral_calendar_pad 🗓️ bell 🔔
no_bell 🔕 handshake 🤝 pray 🙏 thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 star ⭐ star2 🌟 sparkles ✨ fire 🔥 rocket 🚀
bulb 💡 memo 📝 pencil ✏️ pencil2 ✏️ pushpin 📌 link 🔗 lock 🔒 key 🔑 mag 🔍 gear ⚙️ wrench 🔧 hammer 🔨 package
📦 inbox_tray 📥 outbox_tray 📤 email 📧 envelope ✉️ speech_balloon 💬 thought_balloon 💭 question ❓
exclamation ❗ bangbang ‼️ information_source ℹ️ red_circle 🔴 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 white_circle ⚪ black_circle ⚫ large_orange_circle 🟠 arrow_right ➡️ arrow_left ⬅️
arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 bar_chart 📊 trophy 🏆 medal 🏅 first_place_medal 🥇 clap 👏 muscle 💪
raised_hands 🙌 ok_hand 👌 point_right 👉 point_left 👈 smile 😄 slightly_smiling_face 🙂 grin 😁 joy 😂
thinking_face 🤔 cry 😢 sob 😭 heart ❤️ broken_heart 💔 zzz 💤 sleeping 😴 palm_tree 🌴 sunny ☀️ seedling 🌱 herb
🌿 leaves 🍃 robot_face 🤖 house 🏠 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 checkered_flag 🏁 flag 🚩
triangular_flag_on_post 🚩 zap ⚡ gift 🎁 ballot_box_with_check ☑️ scales ⚖️ clipboard 📋 page_facing_up 📄
paperclip 📎 books 📚 moneybag 💰 coffee ☕ beach_with_umbrella 🏖️
"""
_WORDS = _TABLE.split()
_KNOWN: dict[str, str] = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
_NAME = re.compile(r":([a-z0-9_+-]+):")


def with_emoji(text: str) -> str:
    return _NAME.sub(lambda found: _KNOWN.get(found[1], found[0]), text)


#: What one can react with from the page.
REACTIONS = ("+1", "white_check_mark", "eyes", "tada", "pray", "heart")
