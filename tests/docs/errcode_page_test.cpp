#include "tests/docs/errcode_page.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_content.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(errcode_page)

// Make it anew: cmake --build --preset release --target docs
BOOST_AUTO_TEST_CASE(the_pages_say_what_the_switch_says) {
    BOOST_TEST(
        content_of(source_path("docs/wechat-errcodes.md")) == render_errcode_page(page_language::english));
    BOOST_TEST(
        content_of(source_path("docs/wechat-errcodes.zh-CN.md")) ==
        render_errcode_page(page_language::chinese));
}

BOOST_AUTO_TEST_CASE(an_errcode_that_means_two_things_has_two_rows) {
    const std::string page = render_errcode_page(page_language::english);
    BOOST_TEST(page.find("| 40029 | invalid code | 401 | `code_rejected` | login |") != std::string::npos);
    BOOST_TEST(
        page.find("| 40029 (phone number) | invalid code | 400 | `invalid_request` | no |") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
