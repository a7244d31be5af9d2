// Following one request: its trace, and where its time went.
#include "tests/support/deployment.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <optional>
#include <sstream>

using namespace wxlogind::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";

std::string traced(std::string_view value) {
    return "traceparent: " + std::string{value} + "\r\n";
}

// The first line of the log with that message, and that path if there is one.
std::optional<json::object>
line_of(deployment& running, std::string_view message, std::string_view path = "") {
    std::istringstream lines{running.wxlogind().output()};
    for (std::string line; std::getline(lines, line);) {
        boost::system::error_code error;
        const json::value parsed = json::parse(line, error);
        if (error || !parsed.is_object() || parsed.at("message") != json::value(message)) continue;
        if (path.empty() || parsed.at("path") == json::value(path)) return parsed.as_object();
    }
    return std::nullopt;
}

struct seen_login {
    std::string code;
    http_reply reply;
};

// The traceparent with which the call reached WeChat that has that text in its query or body; "" = none.
std::string sent_with(const deployment& running, std::string_view text) {
    std::ifstream record{running.wechat_record()};
    for (std::string line; std::getline(record, line);) {
        const json::object call = json::parse(line).as_object();
        const bool is_wechats = text_of(call, "path").find("/codes") == std::string::npos;
        const std::string asked = text_of(call, "query") + text_of(call, "body");
        if (!is_wechats || asked.find(text) == std::string::npos) continue;
        const auto* const found = call.if_contains("traceparent");
        return found == nullptr ? "" : std::string{found->as_string()};
    }
    return "not called";
}

// The last section of the file is the log's.
void call_slow(deployment& running, std::string_view millis) {
    running.stop_wxlogind();
    std::ofstream{running.file("wxlogind.toml"), std::ios::app} << "slow_request_ms = " << millis << "\n";
    running.start_wxlogind();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tracing)

BOOST_AUTO_TEST_CASE(a_trace_is_in_the_answer_and_in_the_log) {
    deployment running;
    const std::string parent = "00-" + std::string{trace} + "-00f067aa0ba902b7-01";
    const http_reply reply = http_get(running.public_address(), "/healthz", traced(parent));
    const std::string answered = reply.field("traceresponse");
    BOOST_TEST(answered.size() == 55u);
    BOOST_TEST(answered.starts_with("00-" + std::string{trace} + "-"));
    BOOST_TEST(answered.ends_with("-01"));
    BOOST_TEST(answered != parent); // the span is ours
    BOOST_TEST(comes_true([&] { return line_of(running, "request", "/healthz").has_value(); }));
    const auto line = line_of(running, "request", "/healthz");
    BOOST_TEST_REQUIRE(line.has_value());
    BOOST_TEST(line->at("trace_id").as_string() == trace);
}

BOOST_AUTO_TEST_CASE(a_trace_goes_on_to_wechat_where_that_is_wanted) {
    const std::string parent = "00-" + std::string{trace} + "-00f067aa0ba902b7-01";
    const auto login = [&](deployment& running, std::string_view fields) {
        const std::string code = running.mint_code("ann");
        const http_reply reply = http_get(running.public_address(), "/login?code=" + code, fields);
        BOOST_TEST_REQUIRE(reply.status == 200u);
        return seen_login{code, reply};
    };
    deployment running;
    BOOST_TEST(sent_with(running, login(running, traced(parent)).code) == "");

    running.configure([](deployment_options& options) { options.wechat = "send_traceparent = true\n"; });
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    const seen_login first = login(running, traced(parent));
    BOOST_TEST(sent_with(running, first.code) == first.reply.field("traceresponse")); // the span is ours
    BOOST_TEST(sent_with(running, login(running, "").code) == "");

    // A call with an access token: the check of a nickname.
    running.configure(
        [](deployment_options& options) { options.first_app = "nickname_check = \"refuse\"\n"; });
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    const auto bearer = "Authorization: Bearer " + text_of(json_of(first.reply), "token") + "\r\n";
    const http_reply renamed = http_call(
        running.public_address(), "PATCH", "/me", R"({"nickName":"Ann of the trace"})",
        bearer + traced(parent));
    BOOST_TEST_REQUIRE(renamed.status == 200u);
    BOOST_TEST(sent_with(running, "Ann of the trace") == renamed.field("traceresponse"));
}

BOOST_AUTO_TEST_CASE(what_is_no_trace_leaves_none) {
    deployment running;
    const std::string good = "00-" + std::string{trace} + "-00f067aa0ba902b7-01";
    for (const std::string& fields :
         {std::string{}, traced("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"), traced(good + "-x"),
          traced(good) + traced(good)}) {
        const http_reply reply = http_get(running.public_address(), "/healthz", fields);
        BOOST_TEST(reply.status == 200u);
        BOOST_TEST(reply.field("traceresponse").empty());
    }
    BOOST_TEST(comes_true([&] { return line_of(running, "request", "/healthz").has_value(); }));
    BOOST_TEST(running.wxlogind().output().find("trace_id") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slow_login_tells_where_the_time_went) {
    deployment running;
    call_slow(running, "100");
    running.inject(R"({"kind":"latency","latency":"fixed:150"})");
    const std::string parent = "00-" + std::string{trace} + "-00f067aa0ba902b7-00";
    const http_reply reply =
        http_get(running.public_address(), "/login?code=" + running.mint_code("alice"), traced(parent));
    BOOST_TEST_REQUIRE(reply.status == 200u);
    BOOST_TEST_REQUIRE(comes_true([&] { return line_of(running, "slow request").has_value(); }));
    const json::object line = line_of(running, "slow request").value();
    BOOST_TEST(line.at("level").as_string() == "warning");
    BOOST_TEST(line.at("path").as_string() == "/login");
    BOOST_TEST(line.at("trace_id").as_string() == trace);
    BOOST_TEST(line.at("request_id").as_string() == reply.field("x-request-id"));
    const auto stage = [&line](const char* name) { return line.at(name).as_int64(); };
    BOOST_TEST(stage("wechat_us") >= 150'000);
    BOOST_TEST(stage("pool_us") > 0); // the first one has to be connected
    BOOST_TEST(stage("commit_us") > 0);
    const auto sum =
        stage("pool_us") + stage("wechat_us") + stage("queue_us") + stage("commit_us") + stage("write_us");
    BOOST_TEST(sum <= stage("took_us"));
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_in_slowly_says_so) {
    deployment running;
    call_slow(running, "50");
    const std::string request = get_request("/healthz");
    http_connection slow{running.public_address()};
    slow.send(request.substr(0, 20));
    std::this_thread::sleep_for(120ms); // this is what is measured
    slow.send(request.substr(20));
    BOOST_TEST(slow.receive().status == 200u);
    BOOST_TEST_REQUIRE(comes_true([&] { return line_of(running, "slow request").has_value(); }));
    BOOST_TEST(line_of(running, "slow request")->at("read_us").as_int64() >= 100'000);
}

BOOST_AUTO_TEST_SUITE_END()
