// Everything that a session's endpoints work with, without sockets and WeChat: a real store, real keys, a
// clock that the test moves.
#pragma once

#include "core/server/revocation_feed.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/revoking.hpp"
#include "handlers/session_reply.hpp"
#include "storage/open_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "tests/session/session_fixtures.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/simulated_wechat.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/watched_vfs.hpp"

#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

inline constexpr unix_millis start_of_sessions{std::chrono::milliseconds{1'790'000'000'000}};

class session_services {
public:
    // `second_most`: sessions_per_user of the second app; the first has no limit.
    explicit session_services(handlers::token_lifetimes lifetimes = {}, std::uint32_t second_most = 2)
        : lifetimes_{std::make_shared<const handlers::token_lifetimes>(lifetimes)},
          apps_{apps_of(second_most)},
          keys_{keyring_now()} {
        restart();
    }

    manual_wall_clock clock{start_of_sessions};

    // As a process that ends and one that begins on the same files.
    void restart() {
        running_.reset();
        running_.emplace(*this);
    }

    using answer = result<net::response>;
    answer verify(std::string_view token) { return ask(&handlers::verify_session, bearer(token), {}); }
    answer me(std::string_view token) { return ask(&handlers::show_me, bearer(token), {}); }
    answer log_out(std::string_view token, bool all = false) {
        return ask(&handlers::log_out, bearer(token), all ? R"({"all":true})" : "");
    }
    answer refresh(std::string_view token) {
        return ask(&handlers::refresh_session, {}, R"({"refresh_token":")" + std::string{token} + R"("})");
    }

    struct tokens {
        user_id user;
        std::string access;
        std::string refresh;
    };
    static tokens tokens_in(const net::response& reply) {
        const auto body = boost::json::parse(reply.body).as_object();
        return {
            parse_user_id(text_of(body, "id")).value(), text_of(body, "token"),
            text_of(body, "refresh_token")};
    }

    // What a login does once WeChat has answered. nullopt: banned.
    std::optional<tokens> log_in(std::string_view openid, std::string_view appid = first_appid) {
        const handlers::app& from = *apps_.find(appid);
        storage::login_record record;
        record.appid = appid;
        record.openid = openid;
        record.sealed_session_key = "sealed";
        record.now = clock.now();
        record.session_expires = record.now + lifetimes_.now().refresh;
        record.max_sessions = from.sessions_per_user;
        record.tokens_end = handlers::revoking_at(record.now, with()).until;
        const auto login = run(running_->store->record_login(std::move(record))).value();
        if (login.state == storage::user_state::banned) return std::nullopt;

        handlers::session_grant grant;
        grant.user = login.user;
        grant.sid = login.session;
        grant.issued = std::chrono::floor<std::chrono::seconds>(clock.now());
        grant.refresh_expires = grant.issued + lifetimes_.now().refresh;
        grant.longest_access = lifetimes_.now().access;
        grant.openid = openid;
        net::response reply;
        reply.body = handlers::render_session(grant, from, keys_.now().signer(), grant.issued, with());
        return tokens_in(reply);
    }

    void ban(const user_id& user) {
        run(running_->store->sessions().ban_user(user, handlers::revoking_at(clock.now(), with()))).value();
    }
    // Everybody, in the database alone: as another process would that nobody here has heard of yet.
    void ban_elsewhere() {
        storage::sqlite::connection other{
            files_.file("users.db"), storage::sqlite::open_mode::read_write, disk};
        other.run("UPDATE user SET state = " + std::to_string(int(storage::user_state::banned)));
    }
    void unban(const user_id& user) {
        run(running_->store->sessions().unban_user(user, {clock.now(), clock.now()})).value();
    }
    void erase(const user_id& user) {
        run(running_->store->users().erase(user, handlers::revoking_at(clock.now(), with()))).value();
    }
    // A whole round of house-keeping.
    void sweep() {
        storage::sweep_request slice;
        slice.now = clock.now();
        for (bool is_at_end = false; !is_at_end;) {
            const auto done = run(running_->store->sessions().sweep(slice)).value();
            slice.after = done.last;
            is_at_end = done.is_at_end;
        }
        running_->revoked.forget_expired(
            std::chrono::floor<std::chrono::seconds>(clock.now()), steady_clock::now());
    }

    // A new key signs, the one before verifies on, and those before that do neither.
    void rotate_keys() {
        ++generation_of_keys_;
        const auto before = keys_.replace(keyring_now());
    }

    handlers::services& with() { return running_->services; }
    storage::store& store() { return *running_->store; }
    [[nodiscard]] const session::current_keyring& keys() const { return keys_; }
    [[nodiscard]] const session::token_rules& rules() const { return rules_; }
    [[nodiscard]] const storage::store_counters& counters() const { return counters_; }

private:
    static inline const std::string disk{"sessions without a disk"};
    // As many as the product's default: a campaign ends tens of thousands of sessions, and beyond this number
    // a few tokens that are good are refused by design, of which no model knows.
    static constexpr std::size_t max_revocations = 200'000;

    struct process {
        explicit process(session_services& of)
            : revoked{max_revocations, of.rules_, of.lifetimes_.now().access},
              store{storage::open_store(
                  {.url = "sqlite:" + of.files_.file("users.db") + "?vfs=" + disk}, of.counters_, &feed)},
              avatar_files{storage::open_avatars({.url = "sqlite:" + of.files_.file("users.db")}, 0)},
              reseal{store->sealed(), store->audit(), of.keys_, of.clock},
              services{
                  .clock = of.clock,
                  .apps = of.apps_,
                  .wechat = wechat,
                  .wechat_calls = wechat_calls,
                  .access_tokens = access_tokens,
                  .flights = flights,
                  .store = *store,
                  .sessions = store->sessions(),
                  .session_keys = store->session_keys(),
                  .users = store->users(),
                  .audit = store->audit(),
                  .login_failures = login_failures,
                  .reseal = reseal,
                  .keys = of.keys_,
                  .service_keys = of.service_keys_,
                  .limits = limits,
                  .avatars = avatars,
                  .token_rules = of.rules_,
                  .lifetimes = of.lifetimes_,
                  .revoked = revoked,
                  .ready = ready,
                  .phones = store->phones(),
                  .phone_flights = phone_flights,
                  .phone_spending = phone_spending,
                  .open_data_longest_age = std::chrono::hours{1},
                  .metrics = metrics} {}

        session::revocations revoked;
        revocation_feed feed{revoked};
        std::unique_ptr<storage::store> store;
        std::unique_ptr<storage::avatar_store> avatar_files;
        handlers::avatar_access avatars{*avatar_files, {}};
        handlers::resealing reseal;
        std::vector<wechat::wechat_api*> wechat;
        std::vector<wechat::authorised_calls*> wechat_calls;
        wechat::token_centre access_tokens{std::chrono::seconds{5}};
        wechat::code_flights flights{{}};
        wechat::code_flights phone_flights{{}};
        handlers::phone_meter phone_spending;
        handlers::request_limits limits{unlimited(), steady_clock::now()};
        handlers::readiness ready{*store};
        metrics::exposition metrics;
        handlers::failed_logins login_failures;
        handlers::services services;
    };

    // A clock of its own counts quotas: here thousands of calls are made in a moment.
    static limits_settings unlimited() {
        limits_settings settings;
        settings.logins_per_address = settings.requests_per_user = settings.logins_per_app = 0;
        return settings;
    }

    static std::vector<app_settings> apps_of(std::uint32_t second_most) {
        std::vector<app_settings> apps(2);
        apps[0].appid = first_appid;
        apps[1].appid = second_appid;
        apps[1].sessions_per_user = second_most;
        return apps;
    }

    [[nodiscard]] std::shared_ptr<const session::keyring> keyring_now() const {
        std::vector<session::signing_key> keys;
        for (unsigned number = 0; number <= generation_of_keys_; ++number) {
            const unsigned age = generation_of_keys_ - number;
            const auto state = age == 0   ? session::key_state::active
                               : age == 1 ? session::key_state::passive
                                          : session::key_state::retired;
            keys.push_back(
                signing_key_of("key" + std::to_string(number), state, static_cast<char>('!' + number % 90)));
        }
        return std::make_shared<const session::keyring>(keyring_of(std::move(keys)));
    }

    static std::string bearer(std::string_view token) { return "Bearer " + std::string{token}; }

    answer ask(handlers::endpoint endpoint, const std::string& authorization, const std::string& body) {
        const net::header_field field{"Authorization", authorization};
        net::request incoming;
        incoming.verb = net::method::post;
        incoming.content_type = "application/json";
        incoming.body = body;
        if (!authorization.empty()) incoming.fields = {&field, 1};
        return run(endpoint(incoming, with()));
    }

    const session::token_rules rules_{.issuer = "wxlogind"};
    current<handlers::token_lifetimes> lifetimes_;
    const handlers::app_directory apps_;
    unsigned generation_of_keys_{0};
    session::current_keyring keys_;
    const handlers::service_keys service_keys_{{}, false};
    temporary_directory files_;
    watched_vfs disk_{disk};
    storage::store_counters counters_;
    std::optional<process> running_;
};

} // namespace wxlogind::test
