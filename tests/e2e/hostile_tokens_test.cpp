// Every call that takes a token takes a good one and no other, and tells nobody why.
#include "tests/support/hostile_tokens.hpp"

#include "core/base/encoding.hpp"
#include "core/session/keyring_file.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/file_content.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <optional>
#include <set>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

// Keys of which one is retired, made before the server starts.
deployment_options with_retired_key() {
    deployment_options options;
    options.threads = 1;
    return options;
}

void retire_a_key(deployment& running) {
    session::change_keys(running.file("keys.toml"), [](session::key_set& keys) {
        session::signing_key old = keys.signing.front();
        old.kid = "retired-key";
        old.state = session::key_state::retired;
        old.bytes = secret{std::string(32, 'r')};
        keys.signing.push_back(std::move(old));
    });
    BOOST_TEST(running.stop_wxlogind() == 0);
    running.start_wxlogind();
}

token_parts parts_of(const deployment& running, const std::string& good) {
    const auto keys = session::load_key_set(running.file("keys.toml"));
    token_parts parts;
    parts.kid = keys.signing.front().kid;
    parts.key = keys.signing.front().bytes;
    parts.retired_kid = keys.signing.back().kid;
    parts.retired_key = keys.signing.back().bytes;
    parts.claims = claims_json_of(good);
    parts.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return parts;
}

// Asks one listener again and again; what is malformed costs the connection.
class asker {
public:
    explicit asker(std::string address) : address_{std::move(address)} {}

    http_reply ask(const std::string& request) {
        if (!connection_ || asked_ == 900) {
            connection_.emplace(address_);
            asked_ = 0;
        }
        ++asked_;
        http_reply reply = connection_->exchange(request);
        const auto closes = reply.fields.find("connection");
        if (reply.status == 0 || (closes != reply.fields.end() && closes->second == "close"))
            connection_.reset();
        return reply;
    }

private:
    std::string address_;
    std::optional<http_connection> connection_;
    unsigned asked_{0};
};

std::string form_request(std::string_view token) {
    const std::string body = "token=" + percent_encode(token);
    return "POST /introspect HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

// What HTTP itself makes of some bytes around a field's value: a line end, and blanks that are none of it.
bool can_stand_in_a_field(std::string_view token) {
    return token.find_first_of("\r\n") == token.npos && !token.ends_with(' ') && !token.ends_with('\t');
}

class refusals {
public:
    // `call`: "/verify", "/me".
    void expect_refused(asker& by, const std::string& call, const hostile_token& each) {
        const http_reply reply = by.ask(get_request(call, "Authorization: Bearer " + each.token + "\r\n"));
        BOOST_TEST_CONTEXT(call << ": " << each.what) {
            BOOST_TEST(reply.fields.count("x-user-id") == 0u);
            // Refused before it was a request: the field's bytes, or its size.
            if (reply.status == 400 || reply.status == 431) return;
            BOOST_TEST(reply.status == 401u);
            BOOST_TEST(reply.field("www-authenticate") == "Bearer error=\"invalid_token\"");
            BOOST_TEST(reply.field("cache-control") == "no-store");
            auto body = json_of(reply);
            body.erase("request_id");
            bodies_.insert(boost::json::serialize(body));
        }
    }

    void expect_inactive(asker& by, const hostile_token& each) {
        const http_reply reply = by.ask(form_request(each.token));
        BOOST_TEST_CONTEXT("/introspect: " << each.what) {
            // Over what a body may have; or no text, and so no form.
            if (reply.status == 413) return;
            if (reply.status == 400 && !is_utf8(each.token)) return;
            BOOST_TEST(reply.status == 200u);
            BOOST_TEST(reply.body == R"({"active":false})");
            BOOST_TEST(reply.field("cache-control") == "no-store");
        }
    }

    [[nodiscard]] std::size_t different_bodies() const { return bodies_.size(); }

private:
    std::set<std::string> bodies_;
};

struct hostile_world {
    deployment running{with_retired_key()};
    std::string good;
    hostile_world() {
        retire_a_key(running);
        good = text_of(json_of(running.log_in(running.mint_code("mallory"))), "token");
    }
    [[nodiscard]] std::string database() const {
        return content_of(running.database()) + content_of(running.database() + "-wal");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_tokens, hostile_world)

BOOST_AUTO_TEST_CASE(each_of_the_known_tricks_gets_the_same_401_and_writes_nothing) {
    const auto all = test::hostile_tokens(parts_of(running, good));
    BOOST_TEST(all.size() > 200u);
    asker internal{running.internal_address()};
    asker open{running.public_address()};
    refusals seen;
    const std::string before = database();
    for (const hostile_token& each : all) {
        seen.expect_inactive(internal, each);
        if (!can_stand_in_a_field(each.token)) continue;
        seen.expect_refused(internal, "/verify", each);
        seen.expect_refused(open, "/me", each);
    }
    BOOST_TEST(seen.different_bodies() == 1u);
    BOOST_TEST((database() == before));
    // And the one that they were made from is good all along.
    BOOST_TEST(internal.ask(get_request("/verify", "Authorization: Bearer " + good + "\r\n")).status == 200u);
    BOOST_TEST(open.ask(get_request("/me", "Authorization: Bearer " + good + "\r\n")).status == 200u);
    BOOST_TEST(internal.ask(form_request(good)).body.starts_with(R"({"active":true,)"));
}

BOOST_AUTO_TEST_CASE(every_single_bit_flip_of_a_good_token_is_refused) {
    asker internal{running.internal_address()};
    asker open{running.public_address()};
    refusals seen;
    const std::string before = database();
    for (const hostile_token& each : bit_flips_of(good)) {
        seen.expect_inactive(internal, each);
        seen.expect_refused(internal, "/verify", each);
        seen.expect_refused(open, "/me", each);
    }
    BOOST_TEST(seen.different_bodies() == 1u);
    BOOST_TEST((database() == before));
    BOOST_TEST(internal.ask(get_request("/verify", "Authorization: Bearer " + good + "\r\n")).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_token_counts_in_one_authorization_field_and_nowhere_else) {
    const std::string field = "Authorization: Bearer " + good + "\r\n";
    for (const auto& [address, call] :
         {std::pair{running.internal_address(), "/verify"}, {running.public_address(), "/me"}}) {
        const std::string path{call};
        BOOST_TEST(http_get(address, path, field).status == 200u);
        for (const std::string& fields :
             {field + field, field + "Authorization: Bearer x\r\n", "Authorization: Bearer x\r\n" + field,
              "Authorization: " + good + "\r\n", "Authorization: Basic " + good + "\r\n",
              "Authorization: Bearer\t" + good + "\r\n", "Authorization: Bearer " + good + ", Bearer x\r\n",
              "X-Authorization: Bearer " + good + "\r\n", "Cookie: token=" + good + "\r\n",
              "Proxy-Authorization: Bearer " + good + "\r\n", std::string{}})
            BOOST_TEST(http_get(address, path, fields).status == 401u);
        BOOST_TEST(http_get(address, path + "?access_token=" + good + "&token=" + good).status == 401u);
    }
    BOOST_TEST(
        http_post(running.internal_address(), "/verify", R"({"token":")" + good + R"("})").status == 401u);
}

BOOST_AUTO_TEST_SUITE_END()
