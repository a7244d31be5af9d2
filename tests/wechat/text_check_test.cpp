#include "core/wechat/text_check.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat;

BOOST_AUTO_TEST_SUITE(text_check)

BOOST_AUTO_TEST_CASE(a_verdict_is_read_from_the_result_whatever_stands_beside_it) {
    const auto verdict = read_text_verdict(
        R"({"errcode":0,"errmsg":"ok","result":{"suggest":"risky","label":20001},)"
        R"("detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100}],"trace_id":"x"})");
    BOOST_TEST_REQUIRE(verdict.has_value());
    BOOST_TEST((verdict->suggestion == text_suggestion::risky));
    BOOST_TEST(verdict->label == 20001);
    BOOST_TEST(
        (read_text_verdict(R"({"result":{"suggest":"pass","label":100}})")->suggestion ==
         text_suggestion::pass));
    BOOST_TEST(
        (read_text_verdict(R"({"result":{"suggest":"review","label":21000}})")->suggestion ==
         text_suggestion::review));
}

BOOST_AUTO_TEST_CASE(what_is_no_verdict_passes_nothing) {
    for (const std::string_view answer :
         {"", "{}", "[]", R"({"errcode":0,"errmsg":"ok"})", R"({"result":null})", R"({"result":"pass"})",
          R"({"result":{"suggest":"Pass","label":100}})", R"({"result":{"suggest":"pass"}})",
          R"({"result":{"suggest":1,"label":100}})", R"({"result":{"suggest":"pass","label":"100"}})"}) {
        const auto verdict = read_text_verdict(answer);
        BOOST_TEST_CONTEXT(answer) {
            BOOST_TEST_REQUIRE(!verdict.has_value());
            BOOST_TEST((verdict.error().code == errc::wechat_bad_answer));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
