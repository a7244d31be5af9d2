#include "storage/sqlite/newest_sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>
#include <vector>

using namespace wxlogind::storage::sqlite;

namespace {

using pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

pairs written_behind(newest_sessions& newest, std::size_t rows) {
    pairs written;
    for (const auto& [identity, session] : newest.write_behind(rows)) written.emplace_back(identity, session);
    return written;
}

// A transaction of one note each.
void note_all(newest_sessions& newest, const pairs& what) {
    for (const auto& [identity, session] : what) {
        newest.note(identity, session);
        newest.commit();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(newest_sessions_noted)

BOOST_AUTO_TEST_CASE(the_last_noted_is_the_newest_and_of_others_the_table_knows) {
    newest_sessions newest{{}};
    note_all(newest, {{7, 100}, {8, 101}, {7, 102}});
    BOOST_TEST(newest.find(7).value() == 102);
    BOOST_TEST(newest.find(8).value() == 101);
    BOOST_TEST(!newest.find(9).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_rolled_back_was_never_noted) {
    newest_sessions newest{{}};
    note_all(newest, {{7, 100}});
    newest.note(7, 101);
    newest.note(8, 102);
    newest.note(7, 103);
    newest.roll_back();
    BOOST_TEST(newest.find(7).value() == 100);
    BOOST_TEST(!newest.find(8).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_written_behind_before_enough_has_gathered) {
    newest_sessions newest{{.identities = 3, .sessions = 100}};
    note_all(newest, {{7, 100}, {8, 101}, {7, 102}});
    BOOST_TEST(written_behind(newest, 10).empty());
    BOOST_TEST(!newest.new_floor().has_value());
}

BOOST_AUTO_TEST_CASE(a_round_gives_each_identity_once_in_order_and_then_the_new_floor) {
    newest_sessions newest{{.identities = 3, .sessions = 100}};
    note_all(newest, {{9, 100}, {7, 101}, {8, 102}, {9, 103}});
    BOOST_TEST((written_behind(newest, 2) == pairs{{7, 101}, {8, 102}}));
    BOOST_TEST(!newest.new_floor().has_value());
    note_all(newest, {{7, 104}}); // commits; belongs to the next round
    BOOST_TEST(newest.find(7).value() == 104);
    BOOST_TEST(newest.find(9).value() == 103);
    BOOST_TEST((written_behind(newest, 2) == pairs{{9, 103}}));
    BOOST_TEST(newest.new_floor().value() == 103);
    newest.commit();
    BOOST_TEST(!newest.new_floor().has_value());
    BOOST_TEST(!newest.find(9).has_value()); // the table knows
    BOOST_TEST(newest.find(7).value() == 104);
}

BOOST_AUTO_TEST_CASE(a_round_that_was_rolled_back_is_given_out_again) {
    newest_sessions newest{{.identities = 2, .sessions = 100}};
    note_all(newest, {{7, 100}, {8, 101}});
    BOOST_TEST(written_behind(newest, 10).size() == 2u);
    newest.roll_back();
    BOOST_TEST(!newest.new_floor().has_value());
    BOOST_TEST((written_behind(newest, 10) == pairs{{7, 100}, {8, 101}}));
    BOOST_TEST(newest.new_floor().value() == 101);
}

BOOST_AUTO_TEST_CASE(first_sessions_alone_raise_the_floor_too) {
    newest_sessions newest{{.identities = 100, .sessions = 2}};
    newest.note_first(100);
    newest.note_first(101);
    newest.commit();
    BOOST_TEST(written_behind(newest, 10).empty());
    BOOST_TEST(newest.new_floor().value() == 101);
    newest.commit();
    BOOST_TEST(!newest.new_floor().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
