#include "bench/load/scenario/scenario.hpp"

#include "bench/load/scenario/logins.hpp"
#include "bench/load/scenario/session_uses.hpp"

#include <algorithm>
#include <stdexcept>

namespace wxlogind::load {

namespace {

// New users are numbered from somewhere behind those that --users are taken from.
constexpr std::uint64_t new_users_begin = 1'000'000'000;

} // namespace

const std::vector<scenario_name>& scenario_names() {
    static const std::vector<scenario_name> names{
        {"first", "first logins: users that never were there"},
        {"returning", "logins of users who come back"},
        {"mix", "several of the others at once, see --mix"},
        {"double-tap", "logins, every code sent twice at the same moment"},
        {"verify", "token checks, on the internal listener"},
        {"me", "GET /me"},
        {"refresh", "POST /token/refresh"},
        {"fill", "logs every user in once, and ends"},
        {"get", "GET of --path, from any server"},
    };
    return names;
}

scenario::scenario(const options& wanted, std::uint64_t run)
    : options_{wanted},
      run_{run},
      seed_{wanted.seed.value_or(1)},
      sessions_(wanted.threads),
      new_users_from_{new_users_begin + run % (login_codes::most_users - 2 * new_users_begin)} {
    if (wanted.scenario == "mix")
        parts_ = wanted.mix;
    else
        parts_ = {{wanted.scenario, 1}};
    style_.host = endpoint{wanted.target}.is_unix() ? "localhost" : endpoint{wanted.target}.text();
    style_.appid = wanted.appid;
    style_.fields = wanted.fields;
    style_.closes = wanted.reconnects;
    if (wanted.first_user + wanted.users > new_users_begin)
        throw std::runtime_error{"--first-user and --users reach beyond user number 999,999,999"};
    if (uses_sessions() && !wanted.sessions_file.empty())
        has_kept_sessions_ = read_tokens(wanted.sessions_file, sessions_);
}

bool scenario::uses(std::string_view name) const noexcept {
    return std::ranges::any_of(parts_, [name](const auto& part) { return part.first == name; });
}

bool scenario::uses_sessions() const noexcept {
    return uses("verify") || uses("me") || uses("refresh");
}

bool scenario::uses_logins() const noexcept {
    return std::ranges::any_of(parts_, [](const auto& part) { return part.first != "get"; });
}

std::uint64_t scenario::prepared_users() const noexcept {
    const bool needs_users = (uses("returning") || uses("double-tap")) && !options_.users_are_there;
    if (needs_users) return options_.users;
    return uses_sessions() && !has_kept_sessions_ ? std::min(options_.sessions, options_.users) : 0;
}

// Before the run, or in it.
bool scenario::logs_in() const noexcept {
    return needs_preparation() || std::ranges::any_of(parts_, [](const auto& part) {
               return part.first != "get" && part.first != "verify" && part.first != "me";
           });
}

void scenario::keep_sessions() const {
    if (uses_sessions() && !options_.sessions_file.empty() && !has_kept_sessions_)
        keep_tokens(options_.sessions_file, sessions_);
}

bool scenario::needs_preparation() const noexcept {
    return prepared_users() != 0;
}

std::size_t scenario::session_count() const noexcept {
    std::size_t count = 0;
    for (const sessions& each : sessions_) count += each.size();
    return count;
}

// Whoever makes codes makes others than everybody else in this run.
login_codes scenario::next_codes() noexcept {
    return login_codes{run_, code_makers_++};
}

code_request scenario::login_text() const {
    // What stands behind the path is how a GET carries the code.
    if (options_.posts)
        return code_request::by_post(style_, options_.login_path.substr(0, options_.login_path.find('?')));
    return code_request::by_get(style_, options_.login_path);
}

std::string scenario::first_request() {
    if (!uses_logins()) return get_request(style_, options_.path);
    if (!logs_in()) return get_request(style_, "/me", sessions_.front().front().token);
    login_codes codes = next_codes();
    return std::string{login_text().with(codes.next(options_.first_user))};
}

std::string_view scenario::expected_first() const noexcept {
    if (!uses_logins()) return {};
    return logs_in() ? std::string_view{options_.expected} : "\"id\"";
}

std::vector<operations> scenario::preparation() {
    std::vector<operations> made;
    const user_range users{options_.first_user, prepared_users()};
    for (unsigned thread = 0; thread < options_.threads; ++thread) {
        auto logins = std::make_unique<login_operation>(
            "login",
            login_settings{
                user_choice::once_each(users, thread, options_.threads), next_codes(), login_text(),
                options_.expected},
            uses_sessions() ? &sessions_[thread] : nullptr);
        logins->keep_at_most((options_.sessions + options_.threads - 1) / options_.threads);
        made.emplace_back(seed_ + thread).add(std::move(logins), 1);
    }
    return made;
}

std::vector<operations> scenario::main() {
    std::vector<operations> made;
    for (unsigned thread = 0; thread < options_.threads; ++thread) {
        operations& all = made.emplace_back(wechat_sim::mix(seed_ + thread));
        for (const auto& [name, weight] : parts_) all.add(make(name, thread), weight);
    }
    return made;
}

std::vector<std::string> scenario::texts_with_tokens(unsigned thread, std::string_view target) const {
    std::vector<std::string> texts;
    texts.reserve(sessions_[thread].size());
    for (const open_session& each : sessions_[thread])
        texts.push_back(get_request(style_, target, each.token));
    return texts;
}

std::unique_ptr<operation> scenario::make(std::string_view name, unsigned thread) {
    const unsigned threads = options_.threads;
    const std::uint64_t seed = wechat_sim::mix(seed_ ^ (std::uint64_t{thread} << 32));
    const auto logins_of = [&](user_choice who) {
        return login_settings{who, next_codes(), login_text(), options_.expected};
    };
    if (name == "first") {
        const user_range fresh{new_users_from_, login_codes::most_users - new_users_from_};
        return std::make_unique<login_operation>(
            "first", logins_of(user_choice::once_each(fresh, thread, threads)));
    }
    if (name == "fill")
        return std::make_unique<login_operation>(
            "fill", logins_of(user_choice::once_each(all_users(), thread, threads)));
    if (name == "returning")
        return std::make_unique<login_operation>(
            "returning", logins_of(user_choice::by_zipf(all_users(), options_.zipf, seed)));
    if (name == "double-tap")
        return std::make_unique<double_tap_operation>(
            logins_of(user_choice::by_zipf(all_users(), options_.zipf, seed)));
    if (name == "verify")
        return std::make_unique<repeated_operation>(
            "verify", listener::internal, texts_with_tokens(thread, "/verify"), seed);
    if (name == "me")
        return std::make_unique<repeated_operation>(
            "me", listener::open_to_all, texts_with_tokens(thread, "/me"), seed, "\"id\"");
    if (name == "refresh")
        return std::make_unique<refresh_operation>(sessions_[thread], style_, "/token/refresh");
    if (name == "get")
        return std::make_unique<repeated_operation>(
            "get", listener::open_to_all, std::vector{get_request(style_, options_.path)}, seed);
    throw std::runtime_error{"there is no scenario \"" + std::string{name} + "\""};
}

} // namespace wxlogind::load
