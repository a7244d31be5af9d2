#include "core/commands/operator_output.hpp"

#include "core/session/keyring_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace wxlogind {

namespace {

namespace json = boost::json;

// Texts of users must not steer the terminal. The server takes no C0 controls; here go the C1 ones.
std::string printable(std::string_view utf8) {
    std::string text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const bool is_c1 =
            utf8[i] == '\xc2' && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xa0;
        if (is_c1)
            ++i;
        else
            text += utf8[i];
    }
    return text;
}

std::string text_in(const json::object& from, std::string_view name) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr) return "-";
    if (const json::string* const text = member->if_string()) return printable(*text);
    return json::serialize(*member);
}

std::string time_in(const json::object& from, std::string_view name) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr || !member->is_int64()) return "-";
    return session::render_utc(unix_seconds{std::chrono::seconds{member->get_int64()}});
}

// Columns that are as wide as what usually stands in them, so that the pages of a list are one table.
struct column {
    std::string_view heading;
    std::size_t width;
};
constexpr std::array<column, 5> user_columns{
    {{"USER", 36}, {"STATE", 6}, {"CREATED", 20}, {"UNIONID", 28}, {"NICKNAME", 0}}};
constexpr std::array<column, 6> session_columns{
    {{"SESSION", 16}, {"APPID", 18}, {"CREATED", 20}, {"LAST REFRESHED", 20}, {"EXPIRES", 20}, {"ENDED", 0}}};
constexpr std::array<column, 7> record_columns{
    {{"TIME", 20}, {"EVENT", 22}, {"BY", 12}, {"USER", 36}, {"SESSION", 16}, {"APPID", 18}, {"DETAIL", 0}}};

template <std::size_t Count>
std::string row_of(const std::array<column, Count>& columns, const std::array<std::string, Count>& cells) {
    std::string row;
    for (std::size_t i = 0; i < Count; ++i) {
        row += cells[i];
        if (i + 1 == Count) break;
        const std::size_t missing = std::max(columns[i].width, cells[i].size()) - cells[i].size();
        row.append(missing + 2, ' ');
    }
    return row + '\n';
}

std::string row_of_user(const json::object& user) {
    return row_of(
        user_columns, {text_in(user, "id"), text_in(user, "state"), time_in(user, "created_at"),
                       text_in(user, "unionid"), text_in(user, "nickName")});
}

// When, where that is known.
std::string end_of(const json::object& session) {
    const json::value* const is_revoked = session.if_contains("is_revoked");
    const bool is_over = is_revoked != nullptr && is_revoked->is_bool() && is_revoked->get_bool();
    return is_over && !session.contains("revoked_at") ? "with all others" : time_in(session, "revoked_at");
}

std::string row_of_session(const json::object& session) {
    return row_of(
        session_columns, {text_in(session, "id"), text_in(session, "appid"), time_in(session, "created_at"),
                          time_in(session, "seen_at"), time_in(session, "expires_at"), end_of(session)});
}

std::string row_of_record(const json::object& record) {
    std::string event = text_in(record, "event");
    if (const std::string count = text_in(record, "count"); count != "1") event += " x" + count;
    return row_of(
        record_columns,
        {time_in(record, "at"), std::move(event), text_in(record, "by"), text_in(record, "user"),
         text_in(record, "session"), text_in(record, "appid"), text_in(record, "detail")});
}

template <std::size_t Count>
std::string headings_of(const std::array<column, Count>& columns) {
    std::array<std::string, Count> cells;
    for (std::size_t i = 0; i < Count; ++i) cells[i] = columns[i].heading;
    return row_of(columns, cells);
}

template <class Row>
std::string render_rows(const json::array& items, Row row) {
    std::string text;
    for (const json::value& each : items) text += row(each.as_object());
    return text;
}

std::string plain_text(std::string_view name, const json::value& value) {
    if (const json::string* const text = value.if_string()) return printable(*text);
    if (name.ends_with("_at") && value.is_int64())
        return session::render_utc(unix_seconds{std::chrono::seconds{value.get_int64()}});
    return json::serialize(value);
}

// A member a line, what is within it further in.
void append_members(std::string& to, const json::object& from, const std::string& margin) {
    for (const auto& [name, value] : from) {
        to += margin + printable(name) + ':';
        if (const json::object* const inner = value.if_object()) {
            to += '\n';
            append_members(to, *inner, margin + "  ");
        } else if (const json::array* const list = value.if_array(); list != nullptr && !list->empty()) {
            for (const json::value& each : *list) {
                to += '\n';
                if (const json::object* const item = each.if_object())
                    append_members(to, *item, margin + "  ");
                else
                    to += margin + "  " + plain_text(name, each) + '\n';
            }
        } else {
            to += ' ' + plain_text(name, value) + '\n';
        }
    }
}

// The member of an answer that holds the rows of a list; "" = it is none.
std::string_view rows_in(answer_shape shape) {
    switch (shape) {
    case answer_shape::users: return "users";
    case answer_shape::sessions: return "sessions";
    case answer_shape::records: return "records";
    case answer_shape::document:
    case answer_shape::progress:
    case answer_shape::nothing: break;
    }
    return {};
}

} // namespace

std::string render_headings(answer_shape shape) {
    switch (shape) {
    case answer_shape::users: return headings_of(user_columns);
    case answer_shape::sessions: return headings_of(session_columns);
    case answer_shape::records: return headings_of(record_columns);
    case answer_shape::document:
    case answer_shape::progress:
    case answer_shape::nothing: break;
    }
    return {};
}

std::string render_answer(answer_shape shape, std::string_view answer) {
    if (shape == answer_shape::nothing || answer.empty()) return "done\n";
    const json::value document = json::parse(answer);
    const json::object& whole = document.as_object();
    const auto rows = [&] { return whole.at(rows_in(shape)).as_array(); };
    switch (shape) {
    case answer_shape::users: return render_rows(rows(), &row_of_user);
    case answer_shape::sessions: return render_rows(rows(), &row_of_session);
    case answer_shape::records: return render_rows(rows(), &row_of_record);
    case answer_shape::document:
    case answer_shape::progress:
    case answer_shape::nothing: break;
    }
    std::string text;
    append_members(text, whole, "");
    return text;
}

bool is_answer(answer_shape shape, std::string_view text) {
    if (shape == answer_shape::nothing || text.empty()) return true;
    boost::system::error_code error;
    const json::value document = json::parse(text, error);
    if (error || !document.is_object()) return false;
    const std::string_view rows = rows_in(shape);
    if (rows.empty()) return true;
    const json::value* const list = document.get_object().if_contains(rows);
    return list != nullptr && list->is_array();
}

std::string render_problem(unsigned status, std::string_view answer, const server_access& from) {
    boost::system::error_code error;
    const json::value document = json::parse(answer, error);
    if (error || !document.is_object() || !document.get_object().contains("title"))
        return "what answers at " + from.address() + " (" + std::to_string(status) +
               ") is not wxlogind: does server.internal_listen name its internal listener?";
    const json::object& problem = document.get_object();
    if (status == 404)
        return problem.contains("detail") ? text_in(problem, "detail") : "nobody and nothing has this id";
    std::string text = text_in(problem, "title");
    if (problem.contains("detail")) text += " (" + text_in(problem, "detail") + ")";
    if (status == 401)
        text += from.shows_service_key()
                    ? ", and the server does not know the one that it was shown"
                    : ": --service-key-file FILE shows one, `wxlogind service-key new` makes one";
    if (status == 403) text += ": `wxlogind routes` tells which scope each call needs";
    return text;
}

std::string render_advice(answer_shape shape, std::string_view answer) {
    if (shape != answer_shape::progress) return {};
    const json::value document = json::parse(answer);
    const json::value* const unreadable = document.as_object().if_contains("unreadable");
    if (unreadable == nullptr || *unreadable == 0) return {};
    return "what is unreadable was sealed by a key that tokens.keys_file lacks: put that key back from a "
           "copy "
           "of the file and seal again; without it these phone numbers and session_keys are lost";
}

bool is_running(std::string_view answer) {
    return text_in(json::parse(answer).as_object(), "state") == "running";
}

bool is_empty_page(answer_shape shape, std::string_view answer) {
    const json::value document = json::parse(answer);
    return document.as_object().at(rows_in(shape)).as_array().empty();
}

std::string next_page_of(std::string_view answer) {
    const json::value document = json::parse(answer);
    const json::value* const next = document.as_object().if_contains("next");
    return next == nullptr ? std::string{} : std::string{next->as_string()};
}

} // namespace wxlogind
