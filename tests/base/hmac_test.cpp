#include "core/base/hmac.hpp"

#include "core/base/encoding.hpp"
#include "core/base/random.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace wxlogind;

namespace {

std::string mac(std::string_view key, std::string_view message) {
    return hex_encode(as_text(hmac_sha256{key}(message)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hmac)

BOOST_AUTO_TEST_CASE(hmac_has_the_vectors_of_rfc_4231) {
    BOOST_TEST(
        mac(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    BOOST_TEST(
        mac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(
        mac(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    BOOST_TEST(
        mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

BOOST_AUTO_TEST_CASE(hmac_has_the_vector_of_rfc_7515) {
    const std::string key = base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
                                             "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
                                .value();
    BOOST_TEST(
        base64url_encode(as_text(hmac_sha256{key}("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                                                  ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6L"
                                                  "y9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"))) ==
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

BOOST_AUTO_TEST_CASE(hmac_agrees_with_openssl_for_every_length_around_the_block) {
    for (std::size_t size = 0; size < 200; ++size) {
        const std::string key = random_bytes(size);
        const std::string message = random_bytes(199 - size);
        sha256_digest expected{};
        unsigned length = 0;
        HMAC(
            EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(message.data()), message.size(), expected.data(), &length);
        BOOST_TEST(length == expected.size());
        BOOST_TEST((hmac_sha256{key}(message) == expected));
    }
}

BOOST_AUTO_TEST_CASE(derived_keys_differ_by_label_and_from_their_root) {
    const std::string root = random_bytes(32);
    const auto one = derive_key(root, "one")("message");
    BOOST_TEST((one == derive_key(root, "one")("message")));
    BOOST_TEST((one != derive_key(root, "two")("message")));
    BOOST_TEST((one != hmac_sha256{root}("message")));
}

BOOST_AUTO_TEST_SUITE_END()
