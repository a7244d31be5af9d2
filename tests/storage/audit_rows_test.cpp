#include "storage/sqlite/connection.hpp"
#include "tests/storage/sqlite_file.hpp"

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage;

BOOST_AUTO_TEST_SUITE(audit_rows)

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_to_change_or_to_drop_a_record) {
    sqlite_file file;
    {
        const auto store = file.open();
        BOOST_TEST_REQUIRE(run(store->audit().append({.event = audit_event::banned}, noon)).has_value());
    }
    sqlite::connection db{file.where.path, sqlite::open_mode::read_write, file.where.vfs};
    for (const char* const sql :
         {"UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE id > 0"})
        BOOST_CHECK_THROW(db.run(sql), sqlite::sqlite_error);
    BOOST_TEST(db.ask_text("SELECT event FROM audit") == "banned");
}

BOOST_AUTO_TEST_SUITE_END()
