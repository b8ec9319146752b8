"""Slack's error names by consequence: one table for posting, redrawing, opening and searching.

Source: the error lists of chat.postMessage, chat.update, conversations.open, conversations.history and
conversations.replies in Slack's reference, and answers seen from Slack.
"""

from collections.abc import Iterator, Mapping

from bot.ports import Fault

#: Errors after which the message may or may not have been posted, or that may differ the next time.
UNCLEAR = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "unreadable_answer",
        "update_failed",
        "external_channel_migrating",
        "streaming_state_conflict",
        "list_record_comment_fetch_failed",
        "invalid_cursor",
    }
)

_BY_FAULT: Mapping[Fault, str] = {
    Fault.LIMITED: "ratelimited rate_limited",
    Fault.OUTAGE: "message_limit_exceeded team_added_to_org",
    Fault.WORKSPACE_GONE: """account_inactive token_revoked token_expired invalid_auth not_authed
        team_access_not_granted org_login_required enterprise_is_restricted two_factor_setup_required""",
    Fault.NOT_SET_UP: """missing_scope messages_tab_disabled app_access_restricted no_permission access_denied
        not_allowed_token_type""",
    Fault.PERSON_GONE: """user_disabled cannot_dm_bot user_not_found user_not_visible users_not_found
        invalid_user_combination""",
    Fault.PLACE_GONE: """not_in_channel channel_not_found is_archived channel_is_limited_access ekm_access_denied
        restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
        restricted_action_non_threadable_channel restricted_action_thread_locked cannot_reply_to_message
        thread_not_found method_not_supported_for_channel_type""",
    Fault.MESSAGE_GONE: """message_not_found cant_update_message edit_window_closed is_inactive block_mismatch""",
    Fault.FORM: "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long",
    # Errors that only a bug in Kept causes: an argument that it does not send, or should not.
    Fault.OTHER: """no_text invalid_arguments invalid_arg_name as_user_not_supported markdown_text_conflict
        invalid_metadata_format invalid_metadata_schema metadata_must_be_sent_from_app metadata_too_large
        invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest not_enough_users too_many_users
        users_list_not_supplied team_not_found send_on_behalf_not_allowed duplicate_channel_not_found
        duplicate_message_not_found cant_broadcast_message no_dual_broadcast_content_update too_many_attachments
        invalid_attachments attachment_payload_limit_exceeded too_many_contact_cards draft_already_deleted
        draft_already_sent draft_has_conflict draft_not_found blocked_file_type file_deleted file_is_deleted
        file_not_found file_share_limit_reached max_file_sharing_exceeded missing_file_data unable_to_share_files
        posting_to_channel_denied slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked
        slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked
        slack_connect_file_upload_sharing_blocked slack_connect_lists_sharing_blocked""",
}


def _each() -> Iterator[tuple[str, Fault]]:
    for fault, names in _BY_FAULT.items():
        yield from ((name, fault) for name in names.split())


#: Unknown names are Fault.OTHER.
FAULTS: Mapping[str, Fault] = dict(_each())
#: Errors that an admin has to fix; retried now and then until then.
NOT_SET_UP = frozenset(name for name, fault in FAULTS.items() if fault is Fault.NOT_SET_UP)
