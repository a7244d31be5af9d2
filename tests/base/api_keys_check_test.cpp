// The keys of WeChat's API signature, as the configuration names them.
#include "core/base/api_keys_check.hpp"

#include "core/base/encoding.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>

using namespace wxlogind;

namespace {

constexpr std::string_view one_app = "[[apps]]\nappid = 'wx1'\nsecret_file = 'secret'\n";

// A directory with the files of one app.
class key_place {
public:
    key_place() { write("secret", "0123456789abcdef0123456789abcdef", 0600); }

    void write(const std::string& name, std::string_view content, mode_t mode) const {
        std::ofstream{file(name)} << content;
        BOOST_TEST_REQUIRE(::chmod(file(name).c_str(), mode) == 0);
    }
    [[nodiscard]] std::string file(std::string_view name) const { return directory_.file(name); }

    [[nodiscard]] config load(std::string_view content) const {
        write("wxlogind.toml", content, 0644);
        return load_config(file("wxlogind.toml"));
    }

    // Without the directory.
    [[nodiscard]] std::string error_of(std::string_view content) const {
        std::string text;
        try {
            boost::ignore_unused(load(content));
        } catch (const config_error& why) {
            text = why.what();
        }
        const std::string directory = file("");
        for (auto at = text.find(directory); at != std::string::npos; at = text.find(directory))
            text.erase(at, directory.size());
        return text;
    }

private:
    wxlogind::test::temporary_directory directory_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(api_keys_check)

BOOST_AUTO_TEST_CASE(the_keys_of_the_api_signature_are_all_there_and_good_or_the_error_says_what_to_do) {
    const key_place place;
    const wxlogind::test::rsa_key_pair ours;
    place.write("symmetric", base64_encode(std::string(32, 'k')), 0600);
    place.write("ours", ours.private_pem().reveal(), 0600);
    place.write("wechats", ours.public_pem(), 0644);
    const std::string key{"api_key_file='symmetric'\napi_key_number='k1'\n"};
    const std::string mine{"api_private_key_file='ours'\n"};
    const std::string theirs{"api_certificate_file='wechats'\napi_certificate_number='c1'\n"};
    const config it = place.load(std::string{one_app} + key + mine + theirs);
    BOOST_TEST(it.apps.at(0).api_keys.is_on());
    BOOST_TEST(it.apps.at(0).api_keys.certificate == ours.public_pem());
    BOOST_TEST(!place.load(one_app).apps.at(0).api_keys.is_on());

    const auto error_with = [&](const std::string& lines) {
        return place.error_of(std::string{one_app} + lines);
    };
    const std::string together =
        " is missing (WeChat's API signature needs api_key_file, api_key_number, "
        "api_private_key_file, api_certificate_file and api_certificate_number together)";
    BOOST_TEST(error_with(key + mine) == "wxlogind.toml:1: apps.api_certificate_file:" + together);
    BOOST_TEST(error_with(mine + theirs) == "wxlogind.toml:1: apps.api_key_file:" + together);
    BOOST_TEST(
        error_with("api_private_key_number='p1'\n") == "wxlogind.toml:1: apps.api_key_file:" + together);
    BOOST_TEST(error_with("api_key_file='nowhere'\n" + mine + theirs)
                   .starts_with("wxlogind.toml:4: apps.api_key_file: cannot read nowhere"));
    BOOST_TEST(error_with("api_key_file='symmetric'\napi_key_number='k 1'\n" + mine + theirs)
                   .starts_with("wxlogind.toml:5: apps.api_key_number: \"k 1\" is not allowed"));

    const auto error_after = [&](const char* name, std::string_view content, mode_t mode) {
        const std::string before{wxlogind::test::content_of(place.file(name))};
        place.write(name, content, mode);
        std::string error = error_with(key + mine + theirs);
        place.write(name, before, 0600);
        return error;
    };
    BOOST_TEST(error_after("symmetric", "c2hvcnQ=", 0600)
                   .starts_with("wxlogind.toml:1: apps.api_key_file: symmetric: not base64 of 32 bytes"));
    BOOST_TEST(error_after("symmetric", base64_encode(std::string(32, 'k')), 0644)
                   .ends_with("symmetric can be read by everybody (chmod 0600 or 0640)"));
    BOOST_TEST(
        error_after("ours", ours.public_pem(), 0600)
            .starts_with("wxlogind.toml:1: apps.api_private_key_file: ours: not a private key in PEM"));
    BOOST_TEST(error_after("wechats", "hello", 0644)
                   .starts_with("wxlogind.toml:1: apps.api_certificate_file: wechats: not a certificate"));
    BOOST_TEST(
        error_after("wechats", "", 0644) ==
        "wxlogind.toml:7: apps.api_certificate_file: cannot read wechats");
}

BOOST_AUTO_TEST_SUITE_END()
