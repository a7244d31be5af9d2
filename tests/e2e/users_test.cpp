// Users are erased and exported by themselves, and administered through the internal listener.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

struct logged_in {
    std::string id;
    std::string openid;
    std::string bearer;
};

struct running : deployment {
    logged_in sign_in(std::string_view user, std::string_view more = {}) const {
        const auto login = json_of(log_in(mint_code(user), more));
        return {
            text_of(login, "id"), text_of(login, "openid"),
            "Authorization: Bearer " + text_of(login, "token") + "\r\n"};
    }
    http_reply ask(std::string_view method, std::string_view target, std::string_view more = {}) const {
        return http_call(internal_address(), method, target, {}, more);
    }
    boost::json::array listed(std::string_view query = {}) const {
        return json_of(ask("GET", "/users" + std::string{query})).at("users").as_array();
    }
    // The events of the audit log, newest first, as "event by; ".
    std::string audited(std::string_view query) const {
        std::string text;
        const auto page = json_of(ask("GET", "/audit" + std::string{query}));
        for (const auto& each : page.at("records").as_array())
            text += text_of(each.as_object(), "event") + " " + text_of(each.as_object(), "by") + "; ";
        return text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(users, running)

BOOST_AUTO_TEST_CASE(who_erases_himself_is_gone_at_once_and_comes_back_as_somebody_new) {
    const logged_in alice = sign_in("alice", "&nickName=Alice");
    const http_reply erased = http_call(public_address(), "DELETE", "/me", {}, alice.bearer);
    BOOST_TEST(erased.status == 204u);
    BOOST_TEST(http_get(public_address(), "/me", alice.bearer).status == 401u);
    BOOST_TEST(http_get(internal_address(), "/verify", alice.bearer).status == 401u);
    BOOST_TEST(http_call(public_address(), "DELETE", "/me", {}, alice.bearer).status == 401u);
    BOOST_TEST(ask("GET", "/users/" + alice.id).status == 404u);

    kill_wxlogind();
    start_wxlogind();
    BOOST_TEST(http_get(internal_address(), "/verify", alice.bearer).status == 401u);
    const auto again = json_of(log_in(mint_code("alice")));
    BOOST_TEST(again.at("is_new").as_bool());
    BOOST_TEST(text_of(again, "id") != alice.id);
    BOOST_TEST(audited("?event=erased") == "erased user; ");
}

BOOST_AUTO_TEST_CASE(an_export_holds_all_of_the_user_and_nothing_of_others) {
    const logged_in bob = sign_in("bob", "&nickName=BobsName&city=BobsCity");
    sign_in("bob");
    const logged_in eve = sign_in("eve", "&nickName=EvesName");
    BOOST_TEST(ask("POST", "/users/" + eve.id + "/ban").status == 204u);
    const http_reply exported = http_get(public_address(), "/me/export", bob.bearer);
    BOOST_TEST_REQUIRE(exported.status == 200u);
    const auto all = json_of(exported);
    BOOST_TEST(text_of(all.at("user").as_object(), "nickName") == "BobsName");
    BOOST_TEST(text_of(all.at("user").as_object(), "city") == "BobsCity");
    BOOST_TEST(!text_of(all.at("user").as_object(), "unionid").empty());
    BOOST_TEST_REQUIRE(all.at("identities").as_array().size() == 1u);
    BOOST_TEST(text_of(all.at("identities").at(0).as_object(), "openid") == bob.openid);
    BOOST_TEST(all.at("sessions").as_array().size() == 2u);
    for (const std::string_view other :
         {std::string_view{eve.id}, std::string_view{eve.openid}, std::string_view{"EvesName"},
          std::string_view{"banned"}, std::string_view{"session_key\""}})
        BOOST_TEST(exported.body.find(other) == std::string::npos);

    const http_reply by_operator = ask("GET", "/users/" + bob.id + "/export");
    BOOST_TEST(by_operator.status == 200u);
    // What is new is that it was exported.
    BOOST_TEST(json_of(by_operator).at("audit").as_array().size() == 1u);
    BOOST_TEST(audited("?user=" + bob.id) == "exported internal; exported user; login user; login user; ");
}

BOOST_AUTO_TEST_CASE(operators_find_ban_unban_revoke_and_erase) {
    const logged_in carol = sign_in("carol", "&nickName=Carol");
    const logged_in dave = sign_in("dave", "&nickName=Dave");
    BOOST_TEST(listed().size() == 2u);
    BOOST_TEST(listed("?openid=" + carol.openid).size() == 1u);
    BOOST_TEST(text_of(listed("?nickName=Da").at(0).as_object(), "id") == dave.id);
    BOOST_TEST(listed("?id=" + carol.id).size() == 1u);
    BOOST_TEST(listed("?state=banned").empty());

    const auto shown = json_of(ask("GET", "/users/" + carol.id));
    BOOST_TEST(text_of(shown, "state") == "active");
    BOOST_TEST(text_of(shown.at("identities").at(0).as_object(), "openid") == carol.openid);

    const std::string as_root = "X-Wxlogind-Operator: root\r\n";
    BOOST_TEST(ask("POST", "/users/" + carol.id + "/ban", as_root).status == 204u);
    BOOST_TEST(http_get(internal_address(), "/verify", carol.bearer).status == 401u);
    BOOST_TEST(log_in(mint_code("carol")).status == 403u);
    BOOST_TEST(listed("?state=banned").size() == 1u);
    BOOST_TEST(ask("POST", "/users/" + carol.id + "/unban", as_root).status == 204u);
    BOOST_TEST(http_get(internal_address(), "/verify", carol.bearer).status == 401u);
    const logged_in again = sign_in("carol");
    BOOST_TEST(again.id == carol.id);
    BOOST_TEST(http_get(internal_address(), "/verify", again.bearer).status == 200u);

    BOOST_TEST(ask("POST", "/users/" + dave.id + "/revoke").status == 204u);
    BOOST_TEST(http_get(internal_address(), "/verify", dave.bearer).status == 401u);
    BOOST_TEST(ask("DELETE", "/users/" + dave.id).status == 204u);
    BOOST_TEST(ask("GET", "/users/" + dave.id).status == 404u);
    BOOST_TEST(
        audited("?user=" + carol.id) == "login user; unbanned cli:root; banned cli:root; login user; ");
    BOOST_TEST(audited("?event=sessions_revoked") == "sessions_revoked internal; ");
}

BOOST_AUTO_TEST_CASE(the_audit_log_tells_who_ended_sessions) {
    const auto log_out = [&](std::string_view body) {
        BOOST_TEST(http_post(public_address(), "/logout", body, sign_in("alice").bearer).status == 204u);
    };
    log_out("");
    log_out(R"({"all":true})");
    const std::string id = sign_in("alice").id;
    const auto sessions = json_of(ask("GET", "/users/" + id + "/sessions")).at("sessions").as_array();
    const std::string newest = text_of(sessions.at(0).as_object(), "id");
    BOOST_TEST(ask("POST", "/sessions/" + newest + "/revoke").status == 204u);
    BOOST_TEST(ask("POST", "/users/" + id + "/revoke").status == 204u);

    BOOST_TEST(audited("?event=logged_out") == "logged_out user; logged_out user; ");
    BOOST_TEST(audited("?event=session_revoked") == "session_revoked internal; ");
    BOOST_TEST(audited("?event=sessions_revoked") == "sessions_revoked internal; ");
    const auto of_one = json_of(ask("GET", "/audit?event=session_revoked")).at("records").at(0).as_object();
    BOOST_TEST(text_of(of_one, "session") == newest);
    BOOST_TEST(text_of(of_one, "user") == id);
}

BOOST_AUTO_TEST_CASE(a_list_goes_on_where_it_ended) {
    for (int i = 0; i < 5; ++i) sign_in("user" + std::to_string(i));
    std::string query = "?limit=2";
    std::size_t seen = 0;
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = json_of(ask("GET", "/users" + query));
        seen += page.at("users").as_array().size();
        BOOST_TEST(page.contains("next") == (pages < 2));
        if (page.contains("next")) query = "?limit=2&cursor=" + text_of(page, "next");
    }
    BOOST_TEST(seen == 5u);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_and_nothing_is_written) {
    const logged_in erin = sign_in("erin");
    for (const std::string_view query :
         {"?limit=0", "?limit=201", "?limit=-1", "?limit=x", "?limit=", "?cursor=x", "?cursor=%21", "?id=x",
          "?id=", "?state=active", "?nickname=x", "?openid=a&unionid=b", "?openid=a&openid=b", "?openid=%ff",
          "?openid=", "?openid=%zz"}) {
        const http_reply refused = ask("GET", "/users" + std::string{query});
        BOOST_TEST_CONTEXT(query) BOOST_TEST(refused.status == 400u);
        BOOST_TEST(text_of(json_of(refused), "code") == "invalid_request");
    }
    for (const std::string_view query : {"?user=x", "?event=x", "?cursor=-1", "?limit=0", "?who=me"})
        BOOST_TEST_CONTEXT(query) BOOST_TEST(ask("GET", "/audit" + std::string{query}).status == 400u);

    const std::string nobody = "/users/01900000-0000-7000-8000-000000000000";
    for (const std::string_view id :
         {std::string_view{nobody}, std::string_view{"/users/x"}, std::string_view{"/users/%2e"},
          std::string_view{"/users/{id}"}}) {
        const std::string path{id};
        BOOST_TEST(ask("GET", path).status == 404u);
        BOOST_TEST(ask("DELETE", path).status == 404u);
        BOOST_TEST(ask("GET", path + "/export").status == 404u);
        for (const char* const action : {"/ban", "/unban", "/revoke"})
            BOOST_TEST(ask("POST", path + action).status == 404u);
    }
    BOOST_TEST(ask("GET", "/users/" + erin.id + "/ban").status == 405u);
    BOOST_TEST(ask("POST", "/users/" + erin.id).status == 405u);
    for (const std::string_view path : {"/users", "/audit"})
        BOOST_TEST(http_get(public_address(), path, erin.bearer).status == 404u);
    for (const std::string_view bearer : {"", "Authorization: Bearer a.b.c\r\n"}) {
        BOOST_TEST(http_get(public_address(), "/me/export", bearer).status == 401u);
        BOOST_TEST(http_call(public_address(), "DELETE", "/me", {}, bearer).status == 401u);
    }
    BOOST_TEST(audited("") == "login user; ");
}

BOOST_AUTO_TEST_SUITE_END()
