#include "core/base/json_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace wxlogind;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

// Why `text` is refused; "" when it is not.
std::string refusal_of(std::string_view text) {
    json_document body{"body"};
    const auto members = body.read(text);
    if (members.has_value()) return {};
    BOOST_TEST((members.error().code == errc::invalid_request));
    return members.error().detail;
}

std::string nested(std::size_t levels) {
    std::string text = R"({"a":)";
    for (std::size_t i = 1; i < levels; ++i) text += '[';
    for (std::size_t i = 1; i < levels; ++i) text += ']';
    return text + '}';
}

std::string with_members(int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    return text + '}';
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_reading)

BOOST_AUTO_TEST_CASE(members_are_read_by_type) {
    json_document body{"body"};
    const auto members = body.read(
        R"( {"code":"0\u00e91","n":-7,"yes":true,"none":null,"mark":{"appid":"wx","deep":{"x":1}},"list":[1]} )");
    BOOST_TEST_REQUIRE(members.has_value());
    BOOST_TEST((members->text("code").value() == "0é1"));
    BOOST_TEST((members->integer("n").value() == -7));
    BOOST_TEST((members->flag("yes").value() == true));
    const auto mark = members->object("mark").value();
    BOOST_TEST_REQUIRE(mark.has_value());
    BOOST_TEST((mark->text("appid").value() == "wx"));
}

BOOST_AUTO_TEST_CASE(an_absent_member_and_null_are_the_same) {
    json_document body{"body"};
    const auto members = body.read(R"({"none":null})");
    BOOST_TEST_REQUIRE(members.has_value());
    for (const auto name : {"none", "absent"}) {
        BOOST_TEST(!members->text(name).value().has_value());
        BOOST_TEST(!members->integer(name).value().has_value());
        BOOST_TEST(!members->flag(name).value().has_value());
        BOOST_TEST(!members->object(name).value().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_refused_by_name) {
    json_document body{"body"};
    const auto members = body.read(
        R"({"s":"1","n":1,"d":1.0,"e":1e3,"big":9223372036854775808,"huge":1e400,"b":true,"a":[],"o":{}})");
    BOOST_TEST_REQUIRE(members.has_value());
    BOOST_TEST(members->text("n").error().detail == "body: member \"n\" is not a string");
    BOOST_TEST(members->integer("s").error().detail == "body: member \"s\" is not an integer");
    BOOST_TEST(members->flag("n").error().detail == "body: member \"n\" is not true or false");
    BOOST_TEST(members->object("a").error().detail == "body: member \"a\" is not an object");
    BOOST_TEST((members->text("o").error().code == errc::invalid_request));
    for (const auto name : {"d", "e", "big", "huge", "b"})
        BOOST_TEST(!members->integer(name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(what_is_not_one_json_object_is_refused) {
    for (const auto text :
         {""sv, " "sv, "{"sv, "{}x"sv, "{}{}"sv, "{},"sv, "{\"a\"}"sv, "{\"a\":1,}"sv, "{'a':1}"sv, "{a:1}"sv,
          "{\"a\":01}"sv, "{\"a\":NaN}"sv, "{\"a\":+1}"sv, "{/**/}"sv, "{\"a\":\"\n\"}"sv, "\xef\xbb\xbf{}"sv,
          "{}\0"sv, "{\"a\":tru}"sv})
        BOOST_TEST(refusal_of(text) == "body: not JSON", text);
    for (const auto text : {"[]"sv, "null"sv, "1"sv, "\"{}\""sv, "[{}]"sv})
        BOOST_TEST(refusal_of(text) == "body: not an object", text);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_unicode_is_refused) {
    for (const auto text :
         {"{\"a\":\"\xff\"}"sv, "{\"a\":\"\xc0\x80\"}"sv, "{\"a\":\"\xed\xa0\x80\"}"sv, "{\"a\":\"\xc3\"}"sv,
          "{\"\x80\":1}"sv, R"({"a":"\ud800"})"sv, R"({"a":"\udc00"})"sv, R"({"a":"\ud800\u0041"})"sv,
          R"({"a":"\ud83dx"})"sv, R"({"a":"\u12"})"sv, R"({"\udc00":1})"sv})
        BOOST_TEST(refusal_of(text) == "body: not JSON", text);
    BOOST_TEST(refusal_of(R"({"a":"\ud83d\ude00"})") == "");
}

BOOST_AUTO_TEST_CASE(a_member_that_is_there_twice_is_refused_by_name) {
    BOOST_TEST(refusal_of(R"({"code":"a","x":1,"code":"b"})") == "body: duplicate member \"code\"");
    BOOST_TEST(refusal_of(R"({"code":1,"c\u006fde":1})") == "body: duplicate member \"code\"");
    BOOST_TEST(refusal_of(R"({"":1,"":2})") == "body: duplicate member \"\"");
    BOOST_TEST(refusal_of(R"({"a":[{"b":1,"b":2}]})") == "body: duplicate member \"b\"");
    BOOST_TEST(refusal_of(R"({"a":{"c":1},"b":{"c":1},"c":1,"a":0})") == "body: duplicate member \"a\"");
    const std::string long_name(65, 'n');
    BOOST_TEST(refusal_of("{\"" + long_name + "\":1,\"" + long_name + "\":2}") == "body: duplicate member");
}

BOOST_AUTO_TEST_CASE(the_same_name_in_different_objects_is_fine) {
    BOOST_TEST(refusal_of(R"({"a":{"a":{"a":1}},"b":{"a":1},"c":[{"a":1},{"a":1}]})") == "");
}

BOOST_AUTO_TEST_CASE(depth_and_members_are_bounded) {
    BOOST_TEST(refusal_of(nested(32)) == "");
    BOOST_TEST(refusal_of(nested(33)) == "body: nested too deeply");
    BOOST_TEST(refusal_of("{\"a\":" + std::string(100'000, '[')) == "body: nested too deeply");
    BOOST_TEST(refusal_of(with_members(64)) == "");
    BOOST_TEST(refusal_of(with_members(65)) == "body: too many members");
}

BOOST_AUTO_TEST_CASE(a_text_larger_than_the_buffer_is_read_all_the_same) {
    const std::string large(100'000, 'x');
    json_document body{"body"};
    const auto members = body.read("{\"encryptedData\":\"" + large + "\",\"iv\":\"y\"}");
    BOOST_TEST_REQUIRE(members.has_value());
    BOOST_TEST((members->text("encryptedData").value() == large));
    BOOST_TEST((members->text("iv").value() == "y"));
}

BOOST_AUTO_TEST_SUITE_END()
