#include "handlers/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

using namespace wxlogind::handlers;

namespace {

bool share_a_method(method_set one, method_set other) {
    using enum wxlogind::net::method;
    return std::ranges::any_of(std::array{get, head, post, put, patch, delete_, options}, [&](auto each) {
        return one.contains(each) && other.contains(each);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(a_placeholder_stands_for_one_segment_that_is_not_empty) {
    BOOST_TEST(matches("/users/{id}", "/users/a"));
    BOOST_TEST(matches("/users/{id}", "/users/{id}"));
    BOOST_TEST(matches("/users/{id}/ban", "/users/%2F/ban"));
    for (const auto other :
         {"/users", "/users/", "/users/a/", "/users/a/b", "/Users/a", "users/a", "", "/", "/users//a",
          "//users/a"})
        BOOST_TEST(!matches("/users/{id}", other));
    for (const auto other : {"/users/a", "/users//ban", "/users/a/ban/", "/users/a/b/ban", "/users/a/unban"})
        BOOST_TEST(!matches("/users/{id}/ban", other));
}

BOOST_AUTO_TEST_CASE(a_path_without_placeholders_is_compared_byte_by_byte) {
    BOOST_TEST(matches("/me", "/me"));
    for (const auto other : {"/me/", "/ME", "/m", "/me/x", "", "/%6de"}) BOOST_TEST(!matches("/me", other));
}

BOOST_AUTO_TEST_CASE(segments_are_counted_from_zero) {
    BOOST_TEST(segment_of("/users/x/ban", 0) == "users");
    BOOST_TEST(segment_of("/users/x/ban", 1) == "x");
    BOOST_TEST(segment_of("/users/x/ban", 2) == "ban");
    BOOST_TEST(segment_of("/users/x/ban", 3) == "");
    BOOST_TEST(segment_of("", 0) == "");
    BOOST_TEST(segment_of("/", 0) == "");
    BOOST_TEST(segment_of("users", 0) == "");
}

// The first match answers, so an earlier pattern must not cover a later path.
BOOST_AUTO_TEST_CASE(no_route_hides_another) {
    for (const auto table : {public_routes(), internal_routes()})
        for (auto later = table.begin(); later != table.end(); ++later)
            for (auto earlier = table.begin(); earlier != later; ++earlier)
                BOOST_TEST(
                    (!matches(earlier->path, later->path) ||
                     !share_a_method(earlier->methods, later->methods)));
}

BOOST_AUTO_TEST_SUITE_END()
