#include "core/wechat/token_centre.hpp"

#include "tests/support/on_reactor.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

std::atomic<steady_clock::duration> moved{};

steady_clock::time_point moved_now() noexcept {
    return steady_clock::now() + moved.load();
}

// A WeChat that answers when the test lets it, "token-1", "token-2" …, on the reactor where it lives.
class held_source final : public token_source {
public:
    explicit held_source(net::reactor& home) : home_{home} {}

    task<result<access_token>>
    fetch(const app_credentials& /*app*/, token_wish wish, steady_clock::time_point /*until*/) override {
        ++(wish == token_wish::forced ? forced : fetches);
        while (is_held) {
            steady_timer pause{home_.get_executor(), 1ms};
            co_await pause.async_wait(as_result);
        }
        if (is_failing) co_return errc::wechat_unavailable;
        if (wish == token_wish::forced || gives_another) ++number;
        const std::string text = "token-" + std::to_string(number);
        const access_token given{.text = secret{text}, .expires = moved_now() + 7200s};
        co_return given;
    }
    task<result<bool>> is_taken(
        const app_credentials& /*app*/, const secret& /*token*/,
        steady_clock::time_point /*until*/) override {
        ++checks;
        co_return takes;
    }

    std::atomic<int> fetches{0}, forced{0}, checks{0}, number{1};
    std::atomic<bool> is_held{false}, is_failing{false}, gives_another{false}, takes{true};

private:
    net::reactor& home_;
};

task<result<access_token>> get_current(token_centre& from, executor here) {
    const app_credentials app{"wxapp", secret{std::string_view{"s3cret"}}};
    auto token = co_await from.current(app, here);
    co_return token;
}

task<result<access_token>> get_checked(token_centre& from, std::string rejected, executor here) {
    const app_credentials app{"wxapp", secret{std::string_view{"s3cret"}}};
    secret refused{std::move(rejected)};
    auto token = co_await from.checked(app, std::move(refused), here);
    co_return token;
}

struct caller {
    explicit caller(net::reactor& on) : here{on.get_executor()} {}
    executor here;
};

struct centre {
    centre() {
        moved = steady_clock::duration{};
        source.look([this](held_source& it) {
            answers = &it;
            return true;
        });
        const executor home = home_executor();
        tokens.open(home, *answers);
    }
    ~centre() {
        answers->is_held = false;
        tokens.close();
        for (int i = 0; i < 10'000 && !tokens.is_idle(); ++i) std::this_thread::sleep_for(1ms);
    }

    executor home_executor() {
        std::promise<executor> found;
        (void)source.start<bool>([&found](held_source&) -> task<bool> { return tell_home(found); }).get();
        return found.get_future().get();
    }
    static task<bool> tell_home(std::promise<executor>& to) {
        const executor here = co_await asio::this_coro::executor;
        to.set_value(here);
        co_return true;
    }

    std::future<result<access_token>> ask(std::size_t which = 0) {
        return callers[which]->start<result<access_token>>(
            [this](caller& of) { return get_current(tokens, of.here); });
    }
    std::future<result<access_token>> complain(const std::string& about, std::size_t which = 0) {
        return callers[which]->start<result<access_token>>(
            [this, about](caller& of) { return get_checked(tokens, about, of.here); });
    }
    std::string text_of(std::future<result<access_token>> pending) {
        const auto token = value_of(std::move(pending));
        return token ? std::string{token->text.reveal()} : std::string{to_string(token.error().code)};
    }
    bool comes_to_rest() {
        for (int i = 0; i < 10'000; ++i) {
            if (tokens.is_idle()) return true;
            std::this_thread::sleep_for(1ms);
        }
        return false;
    }
    static std::unique_ptr<on_reactor<caller>> make_caller() {
        return std::make_unique<on_reactor<caller>>(
            [](net::reactor& on) { return std::make_unique<caller>(on); });
    }

    token_centre tokens{5s, &moved_now};
    on_reactor<held_source> source{[](net::reactor& home) { return std::make_unique<held_source>(home); }};
    held_source* answers{nullptr};
    std::vector<std::unique_ptr<on_reactor<caller>>> callers = [] {
        std::vector<std::unique_ptr<on_reactor<caller>>> made;
        for (int i = 0; i < 3; ++i) made.push_back(make_caller());
        return made;
    }();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_centre, centre)

BOOST_AUTO_TEST_CASE(callers_on_all_reactors_share_one_fetch) {
    answers->is_held = true;
    std::vector<std::future<result<access_token>>> pending;
    for (std::size_t i = 0; i < 60; ++i) pending.push_back(ask(i % callers.size()));
    answers->is_held = false;
    for (auto& each : pending) {
        const std::string text = text_of(std::move(each));
        BOOST_TEST(text == "token-1");
    }
    BOOST_TEST(answers->fetches == 1);
}

BOOST_AUTO_TEST_CASE(the_old_token_is_served_while_the_new_one_is_fetched) {
    BOOST_TEST(text_of(ask()) == "token-1");
    tokens.tend();
    BOOST_TEST(tokens.is_idle()); // not due
    moved = 7000s;
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->is_held = true;
    answers->gives_another = true;
    tokens.tend();
    tokens.tend();
    BOOST_TEST(!tokens.is_idle());
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->is_held = false;
    BOOST_TEST(comes_to_rest());
    BOOST_TEST(text_of(ask()) == "token-2");
    BOOST_TEST(answers->fetches == 2);
    // Whoever complains about the one before is told of this one, and WeChat is not asked.
    BOOST_TEST(text_of(complain("token-1")) == "token-2");
    BOOST_TEST(answers->fetches == 2);
    BOOST_TEST(answers->checks == 0);
}

BOOST_AUTO_TEST_CASE(the_token_of_an_app_that_is_gone_is_forgotten_unless_somebody_waits_for_it) {
    const auto nobody = [](std::string_view) { return false; };
    answers->is_held = true;
    auto waiting = ask();
    while (tokens.is_idle()) std::this_thread::yield();
    tokens.keep_only(nobody);
    BOOST_TEST(tokens.accounts().size() == 1u);
    answers->is_held = false;
    const std::string waited_for = text_of(std::move(waiting));
    BOOST_TEST(waited_for == "token-1");
    tokens.keep_only([](std::string_view appid) { return appid == "wxapp"; });
    BOOST_TEST(tokens.accounts().size() == 1u);
    tokens.keep_only(nobody);
    BOOST_TEST(tokens.accounts().empty());
    BOOST_TEST(text_of(ask()) == "token-1");
    BOOST_TEST(answers->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_renewal_that_fails_costs_nobody_the_token_and_is_tried_again) {
    BOOST_TEST(text_of(ask()) == "token-1");
    moved = 7000s;
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->is_failing = true;
    tokens.tend();
    BOOST_TEST(comes_to_rest());
    BOOST_TEST(text_of(ask()) == "token-1");
    tokens.tend();
    BOOST_TEST(answers->fetches == 2); // too early
    answers->is_failing = false;
    answers->gives_another = true;
    moved = 7002s;
    tokens.tend();
    BOOST_TEST(comes_to_rest());
    BOOST_TEST(text_of(ask()) == "token-2");
}

BOOST_AUTO_TEST_CASE(complaints_from_everywhere_are_one_check) {
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->is_held = true;
    std::vector<std::future<result<access_token>>> pending;
    for (std::size_t i = 0; i < 30; ++i) pending.push_back(complain("token-1", i % callers.size()));
    answers->is_held = false;
    for (auto& each : pending) {
        const std::string text = text_of(std::move(each));
        BOOST_TEST(text == "token-1");
    }
    BOOST_TEST(answers->fetches == 2);
    BOOST_TEST(answers->checks == 1);
    BOOST_TEST(answers->forced == 0);
}

BOOST_AUTO_TEST_CASE(a_complaint_during_a_renewal_that_brings_the_same_token_is_checked_all_the_same) {
    BOOST_TEST(text_of(ask()) == "token-1");
    moved = 7000s;
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->is_held = true;
    answers->takes = false;
    tokens.tend();
    auto pending = complain("token-1", 1);
    answers->is_held = false;
    const std::string answered = text_of(std::move(pending));
    BOOST_TEST(answered == "token-2");
    BOOST_TEST(answers->checks == 1);
    BOOST_TEST(answers->forced == 1);
}

BOOST_AUTO_TEST_CASE(force_is_used_twenty_times_a_day_at_most_however_much_is_complained) {
    BOOST_TEST(text_of(ask()) == "token-1");
    answers->takes = false;
    for (int i = 0; i < 40; ++i) {
        moved = (i + 1) * 60s;
        (void)text_of(complain(text_of(ask())));
    }
    BOOST_TEST(answers->forced == 20);
    BOOST_TEST(text_of(complain(text_of(ask()))) == "wechat_unavailable");
    BOOST_TEST(text_of(ask()) == "token-21");
}

BOOST_AUTO_TEST_CASE(a_centre_that_is_closed_ends_what_flies_and_begins_nothing) {
    answers->is_held = true;
    auto pending = ask();
    BOOST_TEST(callers[0]->look([](caller&) { return true; }));
    tokens.close();
    answers->is_held = false;
    const std::string got = text_of(std::move(pending));
    BOOST_TEST((got == "token-1" || got == "wechat_unavailable"));
    BOOST_TEST(comes_to_rest());
    moved = 8000s;
    BOOST_TEST(text_of(ask()) == "wechat_unavailable");
    tokens.tend();
    BOOST_TEST(tokens.is_idle());
    BOOST_TEST(answers->fetches <= 1);
}

BOOST_AUTO_TEST_SUITE_END()
