#include "core/base/secret_file.hpp"

#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>

using namespace wxlogind;

namespace {

std::string content_of(std::string_view written) {
    const test::temporary_directory directory;
    const std::string path = directory.file("secret");
    std::ofstream{path} << written;
    BOOST_TEST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
    return std::string{read_secret_file(path).reveal()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_file)

BOOST_AUTO_TEST_CASE(one_line_end_behind_the_secret_does_not_belong_to_it) {
    BOOST_TEST(content_of("s3cret") == "s3cret");
    BOOST_TEST(content_of("s3cret\n") == "s3cret");
    BOOST_TEST(content_of("s3cret\r\n") == "s3cret");
    BOOST_TEST(content_of("s3cret\n\n") == "s3cret\n");
    BOOST_TEST(content_of(std::string(4095, 'x') + "\n") == std::string(4095, 'x'));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused) {
    const test::temporary_directory directory;
    BOOST_CHECK_THROW(boost::ignore_unused(read_secret_file(directory.file("absent"))), secret_file_error);
    BOOST_CHECK_THROW(boost::ignore_unused(read_secret_file(directory.path())), secret_file_error);
    BOOST_CHECK_THROW(boost::ignore_unused(read_secret_file("/dev/null")), secret_file_error);
}

BOOST_AUTO_TEST_SUITE_END()
