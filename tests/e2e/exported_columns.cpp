#include "tests/e2e/exported_columns.hpp"

#include <utility>

namespace wxlogind::test {

namespace {

// As the text of a UUID.
std::string text_of_id(const std::string& column) {
    std::string text;
    for (const auto& [from, count] : {std::pair{1, 8}, {9, 4}, {13, 4}, {17, 4}, {21, 12}}) {
        if (!text.empty()) text += " || '-' || ";
        text += "substr(lower(hex(";
        text.append(column).append(")), ").append(std::to_string(from));
        text.append(", ").append(std::to_string(count)).append(")");
    }
    return text;
}

std::string seconds_in(const std::string& milliseconds) {
    return milliseconds + " / 1000";
}

const std::string text_of_app{"(SELECT appid FROM app WHERE app.id = app)"};
const std::string text_of_phone{
    "iif(phone IS NULL, NULL, (SELECT text FROM number WHERE owner = ifnull(phone_sealed_for, id)))"};

const std::string row_number{"a number of the database's own"};
const std::string hash_of_phone{"a keyed hash of the phone number, which is shown"};
const std::string seal_of_phone{"how the phone number is sealed, which is shown"};
const std::string mark_of_revocation{
    "a mark for the check of tokens: sessions show whether they are revoked"};
const std::string owner{"the user of the export, or one of those in \"merged\""};

exported_table user_table() {
    using enum about;
    return {
        .name = "user",
        .member = "user",
        .rows = "id IN own_id",
        .shown =
            {{"id", "id", text_of_id("id"), somebody},
             {"unionid", "unionid", "unionid", somebody},
             {"nick_name", "nickName", "nick_name", somebody},
             {"avatar_url", "avatarUrl", "avatar_url", somebody},
             {"gender", "gender", "gender"},
             {"country", "country", "country", somebody},
             {"province", "province", "province", somebody},
             {"city", "city", "city", somebody},
             {"language", "language", "language"},
             {"phone", "phone_number", text_of_phone, somebody},
             {"state", "state", "iif(state = 1, 'banned', 'active')"},
             {"created", "created_at", seconds_in("created")},
             {"updated", "updated_at", seconds_in("updated")}},
        .left_out = {
            {"phone_index", hash_of_phone},
            {"phone_sealed_for", seal_of_phone},
            {"revoked_through", mark_of_revocation}}};
}

exported_table identity_table() {
    return {
        .name = "identity",
        .member = "identities",
        .rows = "user IN own_id",
        .shown =
            {{"app", "appid", text_of_app},
             {"openid", "openid", "openid", about::somebody},
             {"created", "created_at", seconds_in("created")}},
        .left_out = {{"user", owner}, {"number", row_number}}};
}

exported_table session_table() {
    return {
        .name = "session",
        .member = "sessions",
        .rows = "user IN own_id",
        .shown =
            {{"sid", "id", "sid", about::somebody},
             {"app", "appid", text_of_app},
             {"created", "created_at", seconds_in("created")},
             {"seen", "seen_at", seconds_in("seen")},
             {"rotated", "seen_at", seconds_in("ifnull(rotated, seen)")},
             {"expires", "expires_at", seconds_in("expires")},
             {"revoked", "revoked_at", seconds_in("revoked")}},
        .left_out = {
            {"user", owner},
            {"generation", "a part of the refresh token, which is a secret"},
            {"signer", "a part of tokens, which are secrets"},
            {"limited", "whether sessions_per_user counts it: the operator's business"},
            {"identity", row_number},
            {"previous", row_number},
            {"session_key", "a secret of WeChat's, sealed: it never leaves the server"},
            {"fingerprint", "a keyed hash of a secret"}}};
}

exported_table merged_user_table() {
    return {
        .name = "merged_user",
        .member = "merged",
        .rows = "id IN own_id",
        .shown =
            {{"id", "id", text_of_id("id"), about::somebody},
             {"created", "created_at", seconds_in("created")},
             {"merged", "merged_at", seconds_in("merged")},
             {"phone", "phone_number", text_of_phone, about::somebody}},
        .left_out = {
            {"survivor", "the user of the export"},
            {"into_user", owner},
            {"revoked_through", mark_of_revocation},
            {"tokens_until", "how long tokens of that id are good: sessions show when they expire"},
            {"phone_index", hash_of_phone},
            {"phone_sealed_for", seal_of_phone}}};
}

exported_table audit_table() {
    return {
        .name = "audit",
        .member = "audit",
        // An export is noted after it was made.
        .rows = "user IN own_id AND id < (SELECT max(id) FROM audit WHERE event = 'exported')",
        .shown =
            {{"id", "at", "id / 1000000"},
             {"event", "event", "event"},
             {"actor", "by", "iif(actor IN ('user', 'server'), actor, 'operator')"},
             {"sid", "session", "nullif(sid, 0)"},
             {"appid", "appid", "nullif(appid, '')"},
             // Those of merges and of shared phone numbers name others.
             {"detail", "detail", "iif(event = 'nickname_flagged', detail, NULL)"}},
        .left_out = {{"user", owner}, {"count", "1 in each record that has a user"}}};
}

exported_table revocation_table() {
    const std::string copy{"for the check of tokens, a copy of what sessions and audit records show"};
    return {
        .name = "revocation",
        .member = "",
        .rows = "user IN own_id",
        .shown = {},
        .left_out = {
            {"id", row_number},
            {"user", copy},
            {"sid", copy},
            {"is_of_all", copy},
            {"until", "how long it counts: sessions show when they expire"}}};
}

} // namespace

const std::vector<exported_table>& exported_tables() {
    static const std::vector<exported_table> all{user_table(),        identity_table(), session_table(),
                                                 merged_user_table(), audit_table(),    revocation_table()};
    return all;
}

const std::vector<table_without_users>& tables_without_users() {
    static const std::vector<table_without_users> all{
        {"app", "the operator's mini programs"},
        {"meta", "marks and counts of the whole server"},
        {"newest_session", "row numbers: where the sessions of an identity begin"},
        {"sqlite_sequence", "SQLite's own"}};
    return all;
}

} // namespace wxlogind::test
