#include "core/server/reload.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using namespace wxlogind;

BOOST_AUTO_TEST_SUITE(reload)

BOOST_AUTO_TEST_CASE(every_part_is_read_before_the_first_is_put_in_force) {
    std::string order;
    reload_list parts;
    for (const char name : {'a', 'b'})
        parts.add("part", [&order, name](const config&) {
            order += name;
            return [&order, name] { order += static_cast<char>(name - 'a' + 'A'); };
        });
    BOOST_TEST(parts.reload({}));
    BOOST_TEST(order == "abAB");
}

BOOST_AUTO_TEST_CASE(one_part_that_is_not_good_leaves_all_as_they_were) {
    bool is_changed = false;
    bool is_good = false;
    reload_list parts;
    parts.add("good", [&is_changed](const config&) { return [&is_changed] { is_changed = true; }; });
    parts.add("sometimes", [&is_good](const config&) -> reload_list::change {
        if (!is_good) throw std::runtime_error{"file: is broken"};
        return [] {};
    });
    BOOST_TEST(!parts.reload({}));
    BOOST_TEST(!is_changed);
    is_good = true;
    BOOST_TEST(parts.reload({}));
    BOOST_TEST(is_changed);
}

BOOST_AUTO_TEST_SUITE_END()
