#include "core/operator_output.hpp"

#include "core/session/keyring_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

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

void append_row(std::string& to, std::initializer_list<std::string> cells) {
    std::string_view separator;
    for (const std::string& each : cells) {
        to += separator;
        to += each;
        separator = "  ";
    }
    to += '\n';
}

void append_user(std::string& to, const json::object& user) {
    append_row(
        to, {text_in(user, "id"), text_in(user, "state"), time_in(user, "created_at"),
             text_in(user, "unionid"), text_in(user, "nickName")});
}

void append_session(std::string& to, const json::object& session) {
    append_row(
        to, {text_in(session, "id"), text_in(session, "appid"), time_in(session, "created_at"),
             time_in(session, "seen_at"), time_in(session, "expires_at"), time_in(session, "revoked_at")});
}

void append_record(std::string& to, const json::object& record) {
    std::string event = text_in(record, "event");
    if (const std::string count = text_in(record, "count"); count != "1") event += " x" + count;
    append_row(
        to, {time_in(record, "at"), std::move(event), text_in(record, "by"), text_in(record, "user"),
             text_in(record, "session"), text_in(record, "appid"), text_in(record, "detail")});
}

template <class Append>
std::string render_list(const json::object& answer, std::string_view name, Append append) {
    std::string text;
    for (const json::value& each : answer.at(name).as_array()) append(text, each.as_object());
    return text;
}

} // namespace

std::string render_answer(answer_shape shape, std::string_view answer) {
    if (shape == answer_shape::nothing || answer.empty()) return "done\n";
    const json::value document = json::parse(answer);
    switch (shape) {
    case answer_shape::users: return render_list(document.as_object(), "users", &append_user);
    case answer_shape::sessions: return render_list(document.as_object(), "sessions", &append_session);
    case answer_shape::records: return render_list(document.as_object(), "records", &append_record);
    case answer_shape::document:
    case answer_shape::progress:
    case answer_shape::nothing: break;
    }
    std::string text;
    for (const auto& [name, value] : document.as_object()) {
        const json::string* const member = value.if_string();
        text += std::string{name} + ": " +
                printable(member != nullptr ? std::string{*member} : json::serialize(value));
        text += '\n';
    }
    return text;
}

std::string render_problem(unsigned status, std::string_view answer) {
    boost::system::error_code error;
    const json::value document = json::parse(answer, error);
    if (error || !document.is_object()) return "the server answered " + std::to_string(status);
    const json::object& problem = document.get_object();
    std::string text = text_in(problem, "title");
    if (problem.contains("detail")) text += " (" + text_in(problem, "detail") + ")";
    return text;
}

bool is_running(std::string_view answer) {
    return text_in(json::parse(answer).as_object(), "state") == "running";
}

std::string next_page_of(std::string_view answer) {
    const json::value document = json::parse(answer);
    const json::value* const next = document.as_object().if_contains("next");
    return next == nullptr ? std::string{} : std::string{next->as_string()};
}

} // namespace wxlogind
