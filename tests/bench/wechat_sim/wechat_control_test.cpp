#include "bench/wechat-sim/control/control_api.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat_sim;

namespace {

struct control {
    sim_clock clock;
    world everything{{}, clock};
    faults wrongs{0};
    call_record record{""};
    responder answers{everything, wrongs, {}, record};
    statistics counted{1};
    control_targets targets{everything, clock, answers, wrongs, counted, record};

    control() { everything.put_app({.appid = "wx", .secret = "secret"}); }

    control_reply order(std::string_view method, std::string_view target, std::string_view body = "") {
        const std::size_t mark = target.find('?');
        request incoming;
        incoming.method = method;
        incoming.path = target.substr(0, mark);
        incoming.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
        incoming.body = body;
        return carry_out(incoming, targets);
    }
    boost::json::value ask(std::string_view method, std::string_view target, std::string_view body = "") {
        return boost::json::parse(order(method, target, body).body);
    }
    int errcode_of(std::string_view code) {
        return everything.exchange({"wx", "secret", code, "authorization_code", "127.0.0.1"}).errcode;
    }
    std::string mint() { return order("GET", "/codes?appid=wx&user=alice").body; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_control, control)

BOOST_AUTO_TEST_CASE(codes_are_minted_as_json_and_as_plain_text) {
    const auto made = ask("POST", "/codes", R"({"appid":"wx","user":"alice"})");
    BOOST_TEST(errcode_of(made.at("code").as_string()) == 0);
    const control_reply plain = order("GET", "/codes?appid=wx&user=alice");
    BOOST_TEST(plain.content_type == "text/plain");
    BOOST_TEST(plain.body.size() == 32u);
    BOOST_TEST(errcode_of(plain.body) == 0);
}

BOOST_AUTO_TEST_CASE(many_codes_are_minted_at_once) {
    const auto made = ask("POST", "/codes", R"({"appid":"wx","user":"alice","count":50})");
    const auto& codes = made.at("codes").as_array();
    BOOST_TEST(codes.size() == 50u);
    for (const auto& each : codes) BOOST_TEST(errcode_of(each.as_string()) == 0);
}

BOOST_AUTO_TEST_CASE(exchanges_are_shown_per_code) {
    const std::string code = mint();
    everything.count_arrival(code);
    BOOST_TEST(errcode_of(code) == 0);
    const auto shown = ask("GET", "/exchanges?code=" + code);
    BOOST_TEST(shown.at("arrived").to_number<int>() == 1);
    BOOST_TEST(shown.at("exchanged").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(the_clock_is_moved_past_a_codes_life) {
    const std::string code = mint();
    BOOST_TEST(order("POST", "/clock", R"({"advance_s":301})").status == 200u);
    BOOST_TEST(errcode_of(code) == 40029);
}

BOOST_AUTO_TEST_CASE(apps_are_added_and_changed_one_member_at_a_time) {
    BOOST_TEST(order("POST", "/apps", R"({"appid":"new","secret":"s","group":"g"})").status == 204u);
    BOOST_TEST(order("POST", "/apps", R"({"appid":"new","frozen":true})").status == 204u);
    const app changed = everything.find_app("new").value();
    BOOST_TEST(changed.secret == "s");
    BOOST_TEST(changed.group == "g");
    BOOST_TEST(changed.is_frozen);
    BOOST_TEST(
        order("POST", "/apps", R"({"appid":"wx","allowed_ips":["192.0.2.1"],"daily_quota":7})").status ==
        204u);
    BOOST_TEST(everything.find_app("wx")->allowed_ips.front() == "192.0.2.1");
    BOOST_TEST(everything.find_app("wx")->daily_quota == 7u);
}

BOOST_AUTO_TEST_CASE(users_are_blocked_and_unblocked) {
    const std::string code = mint();
    BOOST_TEST(order("POST", "/users", R"({"user":"alice","blocked":true})").status == 204u);
    BOOST_TEST(errcode_of(code) == 40226);
    BOOST_TEST(order("POST", "/users", R"({"user":"alice","blocked":false})").status == 204u);
    BOOST_TEST(errcode_of(code) == 0);
}

BOOST_AUTO_TEST_CASE(faults_are_ordered_listed_and_taken_back) {
    const auto made = ask("POST", "/faults", R"({"kind":"errcode","errcode":-1,"consume":true,"count":3})");
    const auto listed = ask("GET", "/faults").at("faults").at(0);
    BOOST_TEST((listed.at("id") == made.at("id")));
    BOOST_TEST(listed.at("kind").as_string() == "errcode");
    BOOST_TEST(listed.at("left").to_number<int>() == 3);
    BOOST_TEST(order("DELETE", "/faults?id=99").status == 404u);
    BOOST_TEST(order("DELETE", "/faults").status == 204u);
    BOOST_TEST(ask("GET", "/faults").at("faults").as_array().empty());
}

BOOST_AUTO_TEST_CASE(a_body_fault_takes_base64_text_or_a_name) {
    const auto bytes_of = [this](std::string_view body) {
        wrongs.take_back_all();
        BOOST_TEST(order("POST", "/faults", body).status == 201u);
        return wrongs.list().front().rule->bytes;
    };
    BOOST_TEST(bytes_of(R"({"kind":"body","base64":"AP8K"})") == std::string("\x00\xff\n", 3));
    BOOST_TEST(bytes_of(R"({"kind":"body","base64":"AA=="})") == std::string(1, '\0'));
    BOOST_TEST(bytes_of(R"({"kind":"body","base64":""})").empty());
    BOOST_TEST(bytes_of(R"({"kind":"body","text":"{}"})") == "{}");
    BOOST_TEST(bytes_of(R"({"kind":"body","named":"null"})") == "null");
}

BOOST_AUTO_TEST_CASE(the_style_of_answers_is_switched) {
    BOOST_TEST(order("POST", "/style", R"({"escape_slash":false,"old_hints":true})").status == 204u);
    BOOST_TEST(!answers.style().escapes_slash);
    BOOST_TEST(answers.style().writes_old_hints);
    BOOST_TEST(!answers.style().writes_errcode_zero);
}

BOOST_AUTO_TEST_CASE(bad_orders_are_refused_with_a_reason) {
    struct bad {
        std::string_view method, target, body;
        unsigned status;
        std::string_view reason; // a part of it
    };
    const bad cases[] = {
        {"GET", "/nothing", "", 404, "POST /codes"},
        {"PUT", "/codes", "", 405, "other methods"},
        {"POST", "/codes", "{", 400, "not JSON"},
        {"POST", "/codes", "[]", 400, "a JSON object"},
        {"POST", "/codes", R"({"user":"a"})", 400, "\"appid\" is missing"},
        {"POST", "/codes", R"({"appid":"wx"})", 400, "\"user\" is missing"},
        {"POST", "/codes", R"({"appid":5,"user":"a"})", 400, "\"appid\" has to be a string"},
        {"POST", "/codes", R"({"appid":"nobody","user":"a"})", 404, "no such app"},
        {"POST", "/codes", R"({"appid":"wx","user":"a","count":0})", 400, "from 1 to 100000"},
        {"POST", "/codes", R"({"appid":"wx","user":"a","count":1.5})", 400, "a whole number"},
        {"POST", "/codes", R"({"appid":"wx","user":"a","amount":1})", 400, "\"amount\" is not known"},
        {"GET", "/codes?appid=wx", "", 400, "\"user\""},
        {"GET", "/exchanges", "", 400, "\"code\""},
        {"POST", "/clock", "{}", 400, "\"advance_s\" is missing"},
        {"POST", "/clock", R"({"advance_s":"1"})", 400, "a whole number"},
        {"POST", "/users", R"({"user":"a"})", 400, "\"blocked\" is missing"},
        {"POST", "/apps", R"({"appid":"new"})", 400, "\"secret\" is missing"},
        {"POST", "/apps", R"({"appid":"wx","allowed_ips":[1]})", 400, "an array of strings"},
        {"POST", "/faults", "{}", 400, "\"kind\" is missing"},
        {"POST", "/faults", R"({"kind":"nonsense"})", 400, "not a kind of fault"},
        {"POST", "/faults", R"({"kind":"hang","probability":2})", 400, "from 0 to 1"},
        {"POST", "/faults", R"({"kind":"hang","count":0})", 400, "\"count\""},
        {"POST", "/faults", R"({"kind":"hang","status":500})", 400, "\"status\" is not known"},
        {"POST", "/faults", R"({"kind":"reset_after","consume":false})", 400, "\"consume\" is not known"},
        {"POST", "/faults", R"({"kind":"refuse_accept","user":"a"})", 400, "\"user\" is not known"},
        {"POST", "/faults", R"({"kind":"errcode"})", 400, "\"errcode\" is missing"},
        {"POST", "/faults", R"({"kind":"latency","latency":"slow"})", 400, "lognormal"},
        {"POST", "/faults", R"({"kind":"wrong_certificate","certificate":"x"})", 400, "self_signed"},
        {"POST", "/faults", R"({"kind":"body","base64":"%"})", 400, "not base64"},
        {"POST", "/faults", R"({"kind":"body","base64":"AAA"})", 400, "not base64"},
        {"POST", "/faults", R"({"kind":"body","named":"x"})", 400, "not a named body"},
    };
    for (const bad& each : cases) {
        const control_reply reply = order(each.method, each.target, each.body);
        BOOST_TEST(reply.status == each.status, each.body << ": " << reply.status);
        const std::string error{boost::json::parse(reply.body).at("error").as_string()};
        BOOST_TEST(error.find(each.reason) != std::string::npos, each.body << ": " << error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
