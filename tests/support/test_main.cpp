#define BOOST_TEST_MODULE wxlogind
#include <boost/test/included/unit_test.hpp>
