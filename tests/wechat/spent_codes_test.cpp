#include "core/wechat/spent_codes.hpp"

#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace wxlogind::wechat;
using namespace std::chrono_literals;

namespace {

const wxlogind::wechat::spent_codes::time_point noon{1000s};

code_fingerprint code(std::uint64_t number) {
    return {number * 0x9e3779b97f4a7c15, number * 0xbf58476d1ce4e5b9};
}

fingerprint_key counting_key() {
    fingerprint_key key{};
    std::iota(key.begin(), key.end(), static_cast<unsigned char>(0));
    return key;
}

// The same by OpenSSL.
code_fingerprint reference(const fingerprint_key& key, std::string_view bytes) {
    code_fingerprint name;
    std::size_t size = 0;
    std::array<unsigned char, 16> out{};
    EVP_Q_mac(
        nullptr, "SIPHASH", nullptr, nullptr, nullptr, key.data(), key.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data(), out.size(), &size);
    BOOST_TEST_REQUIRE(size == out.size());
    std::memcpy(&name.low, out.data(), 8);
    std::memcpy(&name.high, out.data() + 8, 8);
    return name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spent_codes)

BOOST_AUTO_TEST_CASE(a_code_is_known_for_at_least_the_window_and_not_for_ever) {
    wxlogind::wechat::spent_codes spent{1000, 300s};
    for (auto started = noon; started < noon + 600s; started += 37s) {
        wxlogind::wechat::spent_codes each{1000, 300s};
        each.remember(code(1), noon);
        each.remember(code(2), started);
        BOOST_TEST(each.is_known(code(2), started + 299s));
        BOOST_TEST(!each.is_known(code(3), started + 299s));
        BOOST_TEST(!each.is_known(code(2), started + 601s));
    }
    spent.remember(code(1), noon);
    BOOST_TEST(!spent.is_known(code(1), noon + 10h));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_the_oldest_codes_go_first) {
    wxlogind::wechat::spent_codes spent{1000, 300s};
    for (std::uint64_t number = 1; number <= 10'000; ++number) {
        spent.remember(code(number), noon);
        BOOST_TEST_REQUIRE(spent.size() <= 1000u);
    }
    for (std::uint64_t number = 9'501; number <= 10'000; ++number)
        BOOST_TEST_REQUIRE(spent.is_known(code(number), noon));
    BOOST_TEST(!spent.is_known(code(1), noon));
}

BOOST_AUTO_TEST_CASE(a_code_that_is_remembered_twice_takes_one_place) {
    wxlogind::wechat::spent_codes spent{1000, 300s};
    spent.remember(code(1), noon);
    spent.remember(code(1), noon);
    BOOST_TEST(spent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_fingerprint_is_siphash) {
    const auto key = counting_key();
    std::string bytes;
    for (int length = 0; length < 70; ++length) {
        BOOST_TEST_REQUIRE((wxlogind::siphash_128(key, bytes) == reference(key, bytes)));
        bytes.push_back(static_cast<char>(length));
    }
}

BOOST_AUTO_TEST_CASE(the_fingerprint_tells_apps_and_codes_apart) {
    const auto key = counting_key();
    BOOST_TEST((fingerprint_of(key, "wxa", "code") == fingerprint_of(key, "wxa", "code")));
    BOOST_TEST((fingerprint_of(key, "wxa", "code") != fingerprint_of(key, "wxb", "code")));
    BOOST_TEST((fingerprint_of(key, "wxac", "ode") != fingerprint_of(key, "wxa", "code")));
    BOOST_TEST(
        (fingerprint_of(key, "wxa", std::string(5000, 'c')) !=
         fingerprint_of(key, "wxa", std::string(5001, 'c'))));
}

BOOST_AUTO_TEST_SUITE_END()
