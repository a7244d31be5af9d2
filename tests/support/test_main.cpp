#define BOOST_TEST_MODULE wxlogind
#include "tests/support/leak_watch.hpp"

#include <boost/test/included/unit_test.hpp>

namespace {

struct leaks_are_errors {
    leaks_are_errors() {
        wxlogind::test::report_leak = [](const std::string& what) { BOOST_ERROR(what); };
    }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(leaks_are_errors);
