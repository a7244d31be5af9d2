// An answer that is a refusal.
#pragma once

#include "tests/support/deployment.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <string_view>

namespace wxlogind::test {

// `field`: the one that is to blame, by which the detail begins.
inline void
expect_problem(const http_reply& reply, unsigned status, std::string_view code, std::string_view field = {}) {
    BOOST_TEST(reply.status == status, reply.body);
    const boost::json::object problem = json_of(reply);
    BOOST_TEST(text_of(problem, "code") == code);
    if (!field.empty()) BOOST_TEST(text_of(problem, "detail").starts_with(field), reply.body);
}

} // namespace wxlogind::test
