// What every store promises of phone numbers, when two users turn out to be one person and when not.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr unix_millis later = noon + 1h;
const storage::revoking now{later, later + 2h, "cli:test"};

// What a number looks like in the rows of whom it belongs to: bound to the user, as real ones are.
std::string sealed_for(const user_id& user, std::string_view number) {
    return to_string(user) + ' ' + std::string{number};
}
std::string index_of(std::string_view number) {
    return "index of " + std::string{number};
}

template <class Backend>
struct some_users {
    Backend backend;
    std::unique_ptr<storage::store> store = backend.open();
    // The older one of two survives.
    user_id oldest = log_in("oldest", noon);
    user_id middle = log_in("middle", noon + 1min);
    user_id youngest = log_in("youngest", noon + 2min);

    user_id log_in(std::string_view openid, unix_millis at) const {
        return run(store->record_login(login_of(openid, "key 1", at))).value().user;
    }
    void bind(const user_id& user, std::string_view number) const {
        storage::phone_binding binding;
        binding.user = user;
        binding.sealed = sealed_for(user, number);
        binding.index = index_of(number);
        binding.all_indexes = {binding.index};
        binding.now = noon + 3min;
        const auto bound = run(store->phones().bind_phone(std::move(binding)));
        BOOST_TEST_REQUIRE(bound.has_value());
    }
    void merge(const user_id& one, const user_id& other) const {
        BOOST_TEST_REQUIRE(run(store->users().merge(one, other, now)).has_value());
    }
    // The youngest, who has a number, into the middle, and both into the oldest.
    void merge_all(bool has_oldest_its_own) const {
        bind(youngest, "1");
        if (has_oldest_its_own) bind(oldest, "2");
        merge(youngest, middle);
        merge(middle, oldest);
    }
    void unmerge(const user_id& merged) const {
        BOOST_TEST_REQUIRE(run(store->users().unmerge(merged, now)).has_value());
    }
    // Whose number the user has, and that it is the one that is found by.
    void expect_number(const user_id& user, const user_id& whose, std::string_view number) {
        const auto found = run(store->find_user(user)).value();
        BOOST_TEST((found.id == user));
        BOOST_TEST(found.sealed_phone == sealed_for(whose, number));
        BOOST_TEST((found.phone_sealed_for == whose));
        storage::user_filter filter;
        filter.phone_indexes = {index_of(number)};
        const auto page = run(store->users().list(filter, std::nullopt, 10)).value();
        BOOST_TEST_REQUIRE(page.users.size() == 1u);
        BOOST_TEST((page.users[0].id == user));
    }
    void expect_none(const user_id& user) {
        BOOST_TEST(run(store->find_user(user)).value().sealed_phone == "");
    }
    std::string merge_record() const {
        return run(store->audit().read({.event = storage::audit_event::merged})).value().records.at(0).detail;
    }
    std::vector<storage::sealed_phone> sealed_phones() const {
        return run(store->sealed().find_phones_other_than("newest", user_id{})).value().phones;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(merged_phones_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_that_the_survivor_lacks_comes_with_the_merge, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.middle, "1");
    with.merge(with.middle, with.oldest);
    with.expect_number(with.oldest, with.middle, "1");
    BOOST_TEST(with.merge_record().ends_with("taken=phone"));
    with.store.reset();
    with.store = with.backend.open();

    with.unmerge(with.middle);
    with.expect_none(with.oldest);
    with.expect_number(with.middle, with.middle, "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_survivors_own_number_wins_and_each_gets_its_own_back, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.oldest, "1");
    with.bind(with.middle, "2");
    with.merge(with.middle, with.oldest);
    with.expect_number(with.oldest, with.oldest, "1");
    BOOST_TEST(with.merge_record().ends_with(" aside=phone"));
    storage::user_filter filter;
    filter.phone_indexes = {index_of("2")};
    BOOST_TEST(run(with.store->users().list(filter, std::nullopt, 10)).value().users.empty());
    const auto merged = run(with.store->users().merged_into(with.oldest)).value();
    BOOST_TEST_REQUIRE(merged.size() == 1u);
    BOOST_TEST((merged[0].id == with.middle));
    BOOST_TEST(merged[0].sealed_phone == sealed_for(with.middle, "2"));
    BOOST_TEST((merged[0].merged == later));

    with.unmerge(with.middle);
    with.expect_number(with.oldest, with.oldest, "1");
    with.expect_number(with.middle, with.middle, "2");
    BOOST_TEST(run(with.store->users().merged_into(with.oldest)).value().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_that_was_bound_since_stays_with_the_survivor, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.middle, "1");
    with.merge(with.middle, with.oldest);
    with.bind(with.oldest, "3");
    with.expect_number(with.oldest, with.oldest, "3");
    with.unmerge(with.middle);
    with.expect_number(with.oldest, with.oldest, "3");
    with.expect_none(with.middle);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_goes_through_merges_of_merges_and_back, Backend, every_backend) {
    for (const bool has_oldest_its_own : {false, true}) {
        some_users<Backend> with;
        with.merge_all(has_oldest_its_own);
        if (has_oldest_its_own)
            with.expect_number(with.oldest, with.oldest, "2");
        else
            with.expect_number(with.oldest, with.youngest, "1");

        with.unmerge(with.middle); // with the youngest, whose number it had
        with.expect_number(with.middle, with.youngest, "1");
        if (!has_oldest_its_own) with.expect_none(with.oldest);
        with.unmerge(with.youngest);
        with.expect_number(with.youngest, with.youngest, "1");
        with.expect_none(with.middle);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_first_who_was_merged_may_be_the_first_to_leave, Backend, every_backend) {
    for (const bool has_oldest_its_own : {false, true}) {
        some_users<Backend> with;
        with.merge_all(has_oldest_its_own);
        with.unmerge(with.youngest);
        with.expect_number(with.youngest, with.youngest, "1");
        with.unmerge(with.middle);
        with.expect_none(with.middle);
        if (has_oldest_its_own)
            with.expect_number(with.oldest, with.oldest, "2");
        else
            with.expect_none(with.oldest);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_of_merged_users_are_found_and_sealed_again, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.oldest, "1");
    with.bind(with.middle, "2");
    with.bind(with.youngest, "3");
    with.merge(with.middle, with.oldest);
    const auto other = with.log_in("other", noon - 1h); // older than all: it takes over
    with.merge(with.youngest, other);

    const auto found = with.sealed_phones();
    BOOST_TEST_REQUIRE(found.size() == 3u);
    std::vector<storage::resealed_phone> again;
    for (const storage::sealed_phone& each : found) {
        BOOST_TEST(each.envelope.starts_with(to_string(each.sealed_for)));
        storage::resealed_phone sealed;
        sealed.user = each.user;
        sealed.before = each.envelope;
        sealed.after = "newest " + each.envelope;
        sealed.index = "newest index";
        again.push_back(sealed);
    }
    BOOST_TEST(run(with.store->sealed().replace_phones(again)).value() == 3u);
    BOOST_TEST(with.sealed_phones().empty());
    BOOST_TEST(run(with.store->sealed().replace_phones(again)).value() == 0u); // not as they were

    with.unmerge(with.middle);
    with.unmerge(with.youngest);
    for (const auto& [user, number] :
         {std::pair{with.oldest, "1"}, std::pair{with.middle, "2"}, std::pair{with.youngest, "3"}}) {
        const auto whole = run(with.store->find_user(user)).value();
        BOOST_TEST(whole.sealed_phone == "newest " + sealed_for(user, number));
        BOOST_TEST((whole.phone_sealed_for == user));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(with_the_survivor_all_numbers_are_erased, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.oldest, "1");
    with.bind(with.middle, "2");
    with.merge(with.middle, with.oldest);
    run(with.store->users().erase(with.oldest, now)).value();
    BOOST_TEST(with.sealed_phones().empty());
    BOOST_TEST(run(with.store->users().merged_into(with.oldest)).value().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    what_was_set_aside_is_kept_as_long_as_the_audit_record_is, Backend, every_backend) {
    some_users<Backend> with;
    with.bind(with.oldest, "1");
    with.bind(with.middle, "2");
    with.merge(with.middle, with.oldest);
    while (run(with.store->audit().forget_before(later)).value()) {
    }
    BOOST_TEST(with.sealed_phones().size() == 2u);
    while (run(with.store->audit().forget_before(later + 1s)).value()) {
    }
    const auto left = with.sealed_phones();
    BOOST_TEST_REQUIRE(left.size() == 1u);
    BOOST_TEST((left[0].user == with.oldest));
    BOOST_TEST((run(with.store->users().unmerge(with.middle, now)).error().code == errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
