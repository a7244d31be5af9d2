// Any JWT library with the key can check our tokens; shown with npm's jose and Python's PyJWT.
#include "tests/support/deployment.hpp"
#include "tests/support/file_content.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <regex>

using namespace wxlogind::test;

namespace {

// The value of the first `name = "..."` in the section of signing keys.
std::string first_setting(const std::string& toml, const std::string& name) {
    std::smatch found;
    if (!std::regex_search(toml, found, std::regex{"\\b" + name + " *= *[\"']([^\"']*)[\"']"}))
        throw std::runtime_error{"no " + name + " in the key file"};
    return found[1];
}

// What a script needs to check a token of `running`, and to make others with its key.
std::string given_to_script(const deployment& running) {
    const auto login = json_of(running.log_in(running.mint_code("rosa")));
    const std::string keys = content_of(running.file("keys.toml"));
    const boost::json::object given{
        {"token", text_of(login, "token")},
        {"issuer", "wxlogind"},
        {"appid", first_appid},
        {"user", text_of(login, "id")},
        {"kid", first_setting(keys, "kid")},
        {"key", first_setting(keys, "secret")},
        {"verify", "http://" + running.internal_address() + "/verify"}};
    return boost::json::serialize(given);
}

void expect_agreement(const deployment& running, std::vector<std::string> script, std::string_view agrees) {
    script.push_back(given_to_script(running));
    child_process library{script, running.file("library.txt")};
    const int status = library.wait();
    BOOST_TEST_CONTEXT(library.output()) {
        BOOST_TEST(status == 0);
    }
    BOOST_TEST(library.output().starts_with(agrees));
}

} // namespace

BOOST_AUTO_TEST_SUITE(jwt_libraries)

BOOST_AUTO_TEST_CASE(jose_takes_our_token_and_we_refuse_what_is_wrong_in_its_tokens) {
    const deployment running;
    expect_agreement(running, {"node", source_path("tests/interop/jose.mjs")}, "jose agrees");
}

BOOST_AUTO_TEST_CASE(pyjwt_takes_our_token_and_we_refuse_what_is_wrong_in_its_tokens) {
    const deployment running;
    // Not "python3": one that is first on the path may lack Debian's packages.
    expect_agreement(running, {"/usr/bin/python3", source_path("tests/interop/pyjwt.py")}, "PyJWT agrees");
}

BOOST_AUTO_TEST_SUITE_END()
