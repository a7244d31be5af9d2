// POST /me/phone: the number that the user agreed to give, by the button's code or as the button encrypts it.
#include "handlers/bearer.hpp"
#include "handlers/endpoints/open_data_endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/me.hpp"
#include "handlers/open_data.hpp"
#include "handlers/phones.hpp"

#include "core/base/json_text.hpp"
#include "core/base/log.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/authorised_calls.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

using wechat::phone_number;

// 64 hexadecimal digits when it was new; WeChat says that this may change.
constexpr std::size_t longest_code = 512;

struct phone_form {
    std::string code; // "" = it came encrypted
    wechat::encrypted_text encrypted;
};

// Who wants a number: the user, in one of the apps.
struct applicant {
    user_id user;
    const app* from{nullptr};
    std::string openid;
    std::string_view traceparent{}; // of the request
};

result<phone_form> read_form(const net::request& incoming) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    phone_form form;
    const auto code = members->text("code");
    if (!code) return code.error();
    if (*code && !(*code)->empty()) {
        if ((*code)->size() > longest_code) return invalid_field("code", "over 512 characters");
        const bool is_plain = std::ranges::all_of(**code, [](char c) { return c > ' ' && c < 0x7f; });
        if (!is_plain) return invalid_field("code", "characters that no code has");
        form.code = **code;
        return form;
    }
    const auto encrypted_data = members->text("encryptedData");
    if (encrypted_data && !*encrypted_data)
        return invalid_field("code", "missing; send the code of the button, or encryptedData and iv");
    auto encrypted = read_encrypted(*members);
    if (!encrypted) return encrypted.error();
    form.encrypted = std::move(*encrypted);
    return form;
}

task<result<phone_number>>
number_in(const wechat::encrypted_text& what, const applicant& who, services& with) {
    const std::string_view appid = who.from->credentials.appid;
    const auto keys = co_await keys_for_open_data(who.user, appid, with);
    if (!keys) co_return keys.error();
    const auto opened = open_data_with(*keys, what, appid, true, with);
    if (!opened) co_return opened.error();
    json_document document{"encryptedData"};
    const auto members = document.read(opened->text.reveal());
    if (!members) co_return members.error();
    auto phone = wechat::read_phone_number(*members);
    if (!phone) co_return invalid_field("encryptedData", "not what the phone number button gives");
    co_return phone;
}

// WeChat counts by the days of China.
constexpr std::chrono::hours china_is_ahead{8};

storage::paid_call paid_call_of(const app& from, unix_millis now) {
    const auto today = std::chrono::floor<std::chrono::days>(now + china_is_ahead);
    storage::paid_call call;
    call.appid = from.credentials.appid;
    call.day = today.time_since_epoch().count();
    call.budget = from.phone_daily_budget;
    return call;
}

failure budget_is_used_up(unix_millis now) {
    const auto in_china = now + china_is_ahead;
    const auto midnight = std::chrono::floor<std::chrono::days>(in_china) + std::chrono::days{1};
    failure why{errc::rate_limited, "the app's phone numbers of today are used up"};
    why.retry_after = std::chrono::ceil<std::chrono::seconds>(midnight - in_china);
    return why;
}

// Whether WeChat wants money for a call that failed: it refused it, or never saw it. After an answer that was
// lost nobody knows.
bool costs_nothing(const failure& why) noexcept {
    return why.wechat_errcode != 0 || why.code == errc::wechat_unavailable || why.code == errc::overloaded;
}

wechat::api_call call_for(std::string_view code, std::string_view openid) {
    std::string body{R"({"code":)"};
    append_json_string(body, code);
    // WeChat sees to it that the code is this user's.
    if (!openid.empty()) {
        body += R"(,"openid":)";
        append_json_string(body, openid);
    }
    body += '}';
    wechat::api_call call;
    call.path = "/wxa/business/getuserphonenumber";
    call.body = secret{std::move(body)};
    call.kind = wechat::wechat_call::phone_number;
    return call;
}

// Notes the call before it is made: errc::rate_limited, and none may be made.
task<result<std::uint32_t>> note_call(const storage::paid_call& paid, services& with) {
    auto today = co_await with.phones.note_paid_call(paid);
    if (!today && today.error().code == errc::rate_limited) {
        with.phone_spending.note_refused(paid.appid);
        co_return budget_is_used_up(with.clock.now());
    }
    co_return today;
}

// `today`: how many calls there are with this one.
task<result<secret>> ask_wechat(
    std::string_view code, const applicant& who, const storage::paid_call& paid, std::uint32_t today,
    net::reactor& home, services& with) {
    wechat::authorised_calls& calls = *with.wechat_calls[home.index()];
    wechat::api_call call = call_for(code, who.openid);
    call.traceparent = who.traceparent;
    auto answer = co_await calls.call(who.from->credentials, std::move(call));
    if (answer || !costs_nothing(answer.error()))
        with.phone_spending.note_paid(paid.appid, today);
    else
        (void)co_await with.phones.take_back_paid_call(paid);
    co_return answer;
}

void report_shared(const user_id& user, const std::vector<user_id>& others, services& with) {
    with.phone_spending.note_shared();
    log_warning(
        "a phone number was bound to a user that another user has as well: one person with two accounts, or "
        "a number that was given to somebody else",
        {{"user", to_string(user)}, {"other", to_string(others.front())}});
}

// Gives the body of the answer.
task<result<std::string>> bind_number(const phone_number& phone, const user_id& user, services& with) {
    storage::phone_binding binding = binding_of(user, phone, with);
    const auto bound = co_await with.phones.bind_phone(std::move(binding));
    if (!bound && bound.error().code == errc::not_found) co_return errc::invalid_token; // erased since
    if (!bound) co_return bound.error();
    if (!bound->others.empty()) report_shared(user, bound->others, with);
    std::string body{R"({"phone":)"};
    append_json_string(body, wechat::to_masked(phone));
    body += '}';
    co_return body;
}

task<result<std::string>> bind_answer(const secret& answer, const applicant& who, services& with) {
    const auto phone = wechat::parse_phone_reply(answer.reveal(), who.from->credentials.appid);
    if (!phone) co_return phone.error();
    co_return co_await bind_number(*phone, who.user, with);
}

// Who taps twice is answered twice, and nobody else gets to see the answer: it begins with the user.
std::string answer_for(const user_id& user, std::string_view body) {
    return to_string(user).append(body);
}

failure used_code() {
    return invalid_field("code", "used before; let the user tap the button again");
}

result<std::string> answer_to(const user_id& user, const std::string& answer) {
    const std::string id = to_string(user);
    if (!answer.starts_with(id)) return used_code();
    return answer.substr(id.size());
}

task<result<std::string>>
bind_by_code(const std::string& code, const applicant& who, net::reactor& home, services& with) {
    auto ticket = co_await with.phone_flights.board(who.from->credentials.appid, code, home.get_executor());
    if (!ticket.leads()) {
        const wechat::flight_answer& answer = ticket.answer();
        if (!*answer) co_return answer->error().code == errc::code_rejected ? used_code() : answer->error();
        co_return answer_to(who.user, answer->value());
    }
    const storage::paid_call paid = paid_call_of(*who.from, with.clock.now());
    const auto today = co_await note_call(paid, with);
    if (!today) {
        ticket.finish(today.error(), wechat::code_fate::good);
        co_return today.error();
    }
    const auto answer = co_await ask_wechat(code, who, paid, *today, home, with);
    if (!answer) {
        ticket.finish(answer.error(), wechat::fate_after(answer.error()));
        co_return answer.error();
    }
    auto body = co_await bind_answer(*answer, who, with);
    if (!body) {
        ticket.finish(body.error(), wechat::code_fate::spent);
        co_return body.error();
    }
    ticket.finish(answer_for(who.user, *body), wechat::code_fate::spent);
    co_return body;
}

task<result<std::string>>
bind_encrypted(const wechat::encrypted_text& what, const applicant& who, services& with) {
    const auto phone = co_await number_in(what, who, with);
    if (!phone) co_return phone.error();
    co_return co_await bind_number(*phone, who.user, with);
}

} // namespace

task<result<net::response>> bind_phone(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const auto form = read_form(incoming);
    if (!form) co_return form.error();
    const auto user = co_await find_me(*claims, with);
    if (!user) co_return user.error();
    // A code is good once: it is not spent on a number that could not be kept.
    if (!with.store.takes_writes()) co_return errc::storage_unavailable;

    const app* const from = with.apps.find(claims->appid);
    if (from == nullptr) co_return errc::invalid_token; // a reload has taken the app away meanwhile
    const applicant who{user->id, from, claims->openid, incoming.traceparent};
    result<std::string> body = errc::internal;
    if (form->code.empty())
        body = co_await bind_encrypted(form->encrypted, who, with);
    else
        body = co_await bind_by_code(form->code, who, *incoming.home, with);
    if (!body) co_return body.error();
    net::response bound;
    bound.no_store = true;
    bound.subject = to_string(user->id);
    bound.body = std::move(*body);
    co_return bound;
}

} // namespace wxlogind::handlers
