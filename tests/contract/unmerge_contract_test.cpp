// What every store promises when a merge was a mistake.
#include "tests/contract/merges.hpp"

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using storage::audit_event;

BOOST_AUTO_TEST_SUITE(unmerge_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unmerge_gives_back_what_had_been_merged, Backend, every_backend) {
    two_users<Backend> with;
    storage::profile_change of_young;
    of_young.city = "Guangzhou";
    run(with.store->users().change_profile(with.young.user, of_young, noon)).value();
    const auto youngest = log_in(*with.store, in("wx0000000000000003", "youngest", noon + 2min));
    run(with.store->users().merge(youngest.user, with.young.user, now)).value();
    with.merge();
    const auto during = log_in(*with.store, in(second_app, "young", noon + 3min));
    BOOST_TEST((during.user == with.old.user));

    const auto survivor = run(with.store->users().unmerge(with.young.user, now));
    BOOST_TEST_REQUIRE(survivor.has_value());
    BOOST_TEST((*survivor == with.old.user));
    BOOST_TEST((with.observer.means.at(youngest.user) == with.young.user));
    BOOST_TEST(!with.observer.means.contains(with.young.user));
    for (int round = 0; round < 2; ++round) {
        const auto revived = run(with.store->find_user(with.young.user)).value();
        BOOST_TEST((revived.id == with.young.user));
        BOOST_TEST((revived.created == noon + 1min));
        BOOST_TEST(revived.profile.city == "Guangzhou");
        BOOST_TEST(run(with.store->find_user(with.old.user))->profile.city == "");
        BOOST_TEST(run(with.store->users().identities_of(with.old.user))->size() == 1u);
        BOOST_TEST(run(with.store->users().identities_of(with.young.user))->size() == 2u);
        for (const std::int64_t sid :
             {with.old.session, with.young.session, during.session, youngest.session})
            for (const user_id& named : {with.old.user, with.young.user, youngest.user})
                BOOST_TEST(with.observer.is_dead(named, sid));
        BOOST_TEST(sessions_of(*with.store, with.old.user).size() == 1u);
        BOOST_TEST(sessions_of(*with.store, with.young.user).size() == 3u);
        with.reopen();
    }
    const auto login = log_in(*with.store, in(second_app, "young", noon + 4min));
    BOOST_TEST((login.user == with.young.user));
    BOOST_TEST((refresh(*with.store, login.session).user == with.young.user));
    BOOST_TEST(!with.observer.is_dead(with.young.user, login.session));
    BOOST_TEST((log_in(*with.store, in("wx0000000000000003", "youngest", later)).user == with.young.user));
    BOOST_TEST(audited(*with.store, audit_event::unmerged).at(0).actor == "key:support");
    with.merge(); // and once more
    BOOST_TEST((log_in(*with.store, in(second_app, "young", later)).user == with.old.user));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_that_were_changed_since_stay_where_they_are, Backend, every_backend) {
    two_users<Backend> with;
    storage::profile_change of_young;
    of_young.city = "Guangzhou";
    run(with.store->users().change_profile(with.young.user, of_young, noon)).value();
    with.merge();
    of_young.city = "Shenzhen";
    run(with.store->users().change_profile(with.old.user, of_young, later + 1s)).value();
    run(with.store->users().unmerge(with.young.user, now)).value();
    BOOST_TEST(run(with.store->find_user(with.old.user))->profile.city == "Shenzhen");
    BOOST_TEST(run(with.store->find_user(with.young.user))->profile.city == "");
}

BOOST_AUTO_TEST_SUITE_END()
