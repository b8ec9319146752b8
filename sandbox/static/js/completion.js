// Suggestions while one types: commands at the start, people after @, places after #.
import { columnOf, find, partOf } from "./page.js";

const MOST = 8;

export class Completion {
  constructor(field) {
    const column = columnOf(field);
    const list = find(".suggestions", field.form);
    this.directory = JSON.parse(partOf(column, ".directory").textContent);
    this.field = field;
    this.list = list;
    this.options = [];
    this.active = 0;
    list.addEventListener("mousedown", (event) => {
      const item = event.target.closest("li");
      if (!item) return;
      event.preventDefault();
      this.take(Number(item.dataset.index));
    });
  }

  /** What could be meant by the word before the caret. */
  look() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const command = /^\/(\S*)$/.exec(before);
    const usage = /^(\/\S+)\s/.exec(before);
    const word = /(?:^|\s)([@#])([\w.-]*)$/.exec(before);
    if (command) this.show(matching(this.directory.commands, `/${command[1]}`), "", before.length);
    else if (word) this.show(matching(word[1] === "@" ? this.directory.people : this.directory.channels, word[2]), word[1], word[2].length);
    else if (usage && before.trim() === usage[1]) this.explain(usage[1]);
    else this.hide();
  }

  show(options, sign, typed) {
    this.options = options.slice(0, MOST);
    this.sign = sign;
    this.typed = typed;
    this.active = 0;
    if (!this.options.length) return this.hide();
    this.list.replaceChildren(...this.options.map((option, index) => line(option, sign, `${this.list.id}-${index}`, index)));
    this.list.hidden = false;
    this.mark();
  }

  /** The usage of a command that was just typed in full. */
  explain(name) {
    const command = this.directory.commands.find((each) => each.name === name);
    if (!command?.hint) return this.hide();
    this.options = [];
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.append(text("code", `${command.name} ${command.hint}`));
    this.list.replaceChildren(item);
    this.list.hidden = false;
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", index === this.active));
    this.field.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-activedescendant", this.list.children[this.active].id);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.list.hidden = true;
    this.options = [];
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.hide();
    } else if (this.options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + this.options.length) % this.options.length;
      this.mark();
    } else if (this.options.length && (event.key === "Tab" || (event.key === "Enter" && !this.complete()))) {
      event.preventDefault();
      this.take(this.active);
    }
  }

  /** Whether the word is already what would be put in. */
  complete() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return before.endsWith(this.sign + this.options[this.active].name);
  }

  take(index) {
    const end = this.field.selectionStart;
    const start = end - this.typed - this.sign.length;
    const put = `${this.sign}${this.options[index].name} `;
    this.field.setRangeText(put, start, end, "end");
    this.hide();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function matching(options, typed) {
  const wanted = typed.toLowerCase();
  const fits = (option) => option.name.startsWith(wanted) || option.title.toLowerCase().includes(wanted);
  return options.filter(fits);
}

function line(option, sign, id, index) {
  const item = document.createElement("li");
  item.id = id;
  item.dataset.index = index;
  item.setAttribute("role", "option");
  item.append(text("strong", sign + option.name), text("span", option.hint || (sign === "@" ? option.title : "")));
  item.append(text("span", option.note ?? ""));
  return item;
}

function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}
