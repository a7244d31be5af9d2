#include "core/base/aes_cbc.hpp"

#include "core/base/encoding.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include <memory>
#include <string>

using namespace wxlogind;

namespace {

const std::string key{"sixteen bytes!!!"};
const std::string iv{"another sixteen!"};

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// Whole blocks as they are, by OpenSSL.
std::string encrypt_blocks(const std::string& blocks) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    std::string encrypted(blocks.size(), '\0');
    int written = 0;
    EVP_EncryptInit_ex2(context.get(), EVP_aes_128_cbc(), bytes_of(key), bytes_of(iv), nullptr);
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    EVP_EncryptUpdate(
        context.get(), reinterpret_cast<unsigned char*>(encrypted.data()), &written, bytes_of(blocks),
        static_cast<int>(blocks.size()));
    return encrypted;
}

std::string padded(const std::string& text) {
    const std::size_t padding = aes_block_size - text.size() % aes_block_size;
    return text + std::string(padding, static_cast<char>(padding));
}

decrypted_text decrypt(const std::string& blocks) {
    const auto opened = decrypt_aes_128_cbc(key, iv, encrypt_blocks(blocks));
    BOOST_TEST_REQUIRE(opened.has_value());
    return *opened;
}

} // namespace

BOOST_AUTO_TEST_SUITE(aes_cbc)

BOOST_AUTO_TEST_CASE(the_sample_of_sp_800_38a_comes_out) {
    const auto blocks = hex_decode("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    const auto opened = decrypt_aes_128_cbc(
        *hex_decode("2b7e151628aed2a6abf7158809cf4f3c"), *hex_decode("000102030405060708090a0b0c0d0e0f"),
        *hex_decode("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"));
    BOOST_TEST_REQUIRE(opened.has_value());
    BOOST_TEST(hex_encode(opened->bytes.reveal()) == hex_encode(*blocks));
    BOOST_TEST(opened->padding == 0u);
}

BOOST_AUTO_TEST_CASE(texts_of_every_length_come_out_without_their_padding) {
    for (std::size_t size = 0; size < 50; ++size) {
        const std::string text(size, 'x');
        const auto opened = decrypt(padded(text));
        BOOST_TEST(opened.text() == text);
        BOOST_TEST(opened.padding == aes_block_size - size % aes_block_size);
    }
}

BOOST_AUTO_TEST_CASE(a_padding_is_right_only_with_all_of_its_bytes) {
    for (unsigned padding = 0; padding < 256; ++padding) {
        std::string blocks(2 * aes_block_size, static_cast<char>(padding));
        const bool is_right = padding >= 1 && padding <= aes_block_size;
        BOOST_TEST_CONTEXT(padding) BOOST_TEST(decrypt(blocks).padding == (is_right ? padding : 0));
        for (unsigned i = 1; is_right && i < padding; ++i) {
            std::string changed = blocks;
            changed[changed.size() - 1 - i] ^= 1;
            BOOST_TEST_CONTEXT(padding << " " << i) BOOST_TEST(decrypt(changed).padding == 0u);
        }
        // What stands before the padding is nobody's business.
        if (!is_right || padding == aes_block_size) continue;
        blocks[blocks.size() - 1 - padding] ^= 1;
        BOOST_TEST(decrypt(blocks).padding == padding);
    }
}

BOOST_AUTO_TEST_CASE(wrong_padding_hides_no_text) {
    std::string blocks = padded("text");
    blocks.back() = 0;
    BOOST_TEST(decrypt(blocks).text() == blocks);
}

BOOST_AUTO_TEST_CASE(keys_vectors_and_texts_of_other_sizes_are_refused) {
    const std::string encrypted = encrypt_blocks(padded("text"));
    BOOST_TEST(!decrypt_aes_128_cbc("short", iv, encrypted).has_value());
    BOOST_TEST(!decrypt_aes_128_cbc(key + key, iv, encrypted).has_value());
    BOOST_TEST(!decrypt_aes_128_cbc(key, "", encrypted).has_value());
    BOOST_TEST(!decrypt_aes_128_cbc(key, iv, "").has_value());
    BOOST_TEST(!decrypt_aes_128_cbc(key, iv, encrypted + "x").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
