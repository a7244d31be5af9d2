// What every store promises of phone numbers, and of what was spent on them.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

template <class Backend>
struct two_users {
    Backend backend;
    std::unique_ptr<storage::store> store = backend.open();
    user_id one = log_in("one");
    user_id other = log_in("other");

    void reopen() {
        store.reset();
        store = backend.open();
    }
    user_id log_in(std::string_view openid) const {
        return run(store->record_login(login_of(openid))).value().user;
    }
    result<storage::phone_outcome> bind(const user_id& user, const std::string& number) const {
        storage::phone_binding binding;
        binding.user = user;
        binding.sealed = "sealed " + number;
        binding.index = "index of " + number;
        binding.all_indexes = {binding.index};
        binding.now = noon + 1min;
        return run(store->phones().bind_phone(std::move(binding)));
    }
    std::string phone_of(const user_id& user) const {
        return run(store->find_user(user)).value().sealed_phone;
    }
    std::size_t users_with(const std::string& number) const {
        storage::user_filter filter;
        filter.phone_indexes = {"index of " + number};
        return run(store->users().list(filter, std::nullopt, 10)).value().users.size();
    }
    std::size_t records(storage::audit_event event) const {
        return run(store->audit().read({.event = event})).value().records.size();
    }
    result<std::uint32_t>
    pay(std::uint32_t budget, std::string appid = "wx1", std::int64_t day = 20000) const {
        return run(store->phones().note_paid_call({std::move(appid), day, budget}));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(phone_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_takes_the_place_of_the_one_before, Backend, every_backend) {
    two_users<Backend> of;
    BOOST_TEST(of.bind(of.one, "1").value().others.empty());
    BOOST_TEST(of.bind(of.one, "2").value().others.empty());
    BOOST_TEST(of.phone_of(of.one) == "sealed 2");
    BOOST_TEST(of.users_with("1") == 0u);
    BOOST_TEST(of.users_with("2") == 1u);
    of.reopen();
    BOOST_TEST(of.phone_of(of.one) == "sealed 2");
    BOOST_TEST(of.phone_of(of.other) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_of_two_is_told_and_stays_with_both, Backend, every_backend) {
    two_users<Backend> of;
    BOOST_TEST(of.bind(of.one, "1").has_value());
    const auto second = of.bind(of.other, "1").value();
    BOOST_TEST_REQUIRE(second.others.size() == 1u);
    BOOST_TEST((second.others[0] == of.one));
    BOOST_TEST(of.users_with("1") == 2u);
    BOOST_TEST(of.records(storage::audit_event::phone_shared) == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(who_is_not_there_gets_none, Backend, every_backend) {
    two_users<Backend> of;
    BOOST_TEST(run(of.store->users().erase(of.one, {noon + 1min, noon + 2h, "cli:test"})).has_value());
    const auto refused = of.bind(of.one, "1");
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::not_found));
    BOOST_TEST(of.users_with("1") == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    paid_calls_are_counted_by_app_and_day_and_a_budget_ends_them, Backend, every_backend) {
    two_users<Backend> of;
    BOOST_TEST(of.pay(2).value() == 1u);
    of.reopen();
    BOOST_TEST(of.pay(2).value() == 2u);
    const auto refused = of.pay(2);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::rate_limited));
    BOOST_TEST(of.pay(2, "wx2").value() == 1u);
    BOOST_TEST(of.pay(2, "wx1", 20001).value() == 1u);
    BOOST_TEST(of.pay(0, "wx1", 20001).value() == 2u);
    BOOST_TEST(of.pay(3, "wx1", 20001).value() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_call_that_is_taken_back_was_not_made, Backend, every_backend) {
    two_users<Backend> of;
    BOOST_TEST(of.pay(1).value() == 1u);
    BOOST_TEST(run(of.store->phones().take_back_paid_call({"wx1", 20000, 1})).has_value());
    BOOST_TEST(of.pay(1).value() == 1u);
    // As often as it likes: there are no calls below none.
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(run(of.store->phones().take_back_paid_call({"wx1", 20000, 1})).has_value());
    BOOST_TEST(of.pay(1).value() == 1u);
    BOOST_TEST(of.pay(1).has_error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_crowd_spends_no_more_than_the_budget, Backend, every_backend) {
    two_users<Backend> of;
    std::atomic<unsigned> made{0};
    {
        std::vector<std::jthread> crowd;
        for (int i = 0; i < 8; ++i)
            crowd.emplace_back([&of, &made] {
                for (int call = 0; call < 5; ++call) made += of.pay(17).has_value() ? 1 : 0;
            });
    }
    BOOST_TEST(made == 17u);
}

BOOST_AUTO_TEST_SUITE_END()
