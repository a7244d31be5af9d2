#include "core/base/sealing.hpp"

#include "core/base/hmac.hpp"
#include "core/base/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <stdexcept>

namespace wxlogind {

namespace {

constexpr unsigned char envelope_version = 1;
constexpr std::size_t key_size = 32;
constexpr std::size_t header_size = 5;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t blind_index_size = 16;
constexpr std::size_t overhead = header_size + nonce_size + tag_size;
constexpr std::size_t max_plain_size = 1u << 30; // OpenSSL counts in int

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::uint32_t key_id_of(std::string_view envelope) {
    std::uint32_t id = 0;
    for (std::size_t i = 1; i < header_size; ++i) id = id << 8 | bytes_of(envelope)[i];
    return id;
}

void put_header(std::string& envelope, std::uint32_t key_id) {
    envelope[0] = static_cast<char>(envelope_version);
    for (std::size_t i = header_size; --i > 0; key_id >>= 8) envelope[i] = static_cast<char>(key_id);
}

// A GCM context with its key in place: the key's schedule is half the cost of sealing a session_key.
class gcm_context {
public:
    gcm_context()
        : cipher_{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)}, context_{EVP_CIPHER_CTX_new()} {
        if (cipher_ == nullptr || context_ == nullptr) throw std::runtime_error{"no AES-256-GCM in OpenSSL"};
    }
    ~gcm_context() {
        EVP_CIPHER_CTX_free(context_);
        EVP_CIPHER_free(cipher_);
    }
    gcm_context(const gcm_context&) = delete;
    gcm_context& operator=(const gcm_context&) = delete;

    // False, and no key is in place, when OpenSSL fails.
    bool set_key(std::string_view key) {
        return EVP_EncryptInit_ex2(context_, cipher_, bytes_of(key), nullptr, nullptr) == 1;
    }

    // Header and nonce stand in `envelope` already; `place` is authenticated behind the header.
    bool encrypt(std::string_view place, std::string_view plain, std::string& envelope) {
        unsigned char* const to = bytes_of(envelope) + header_size + nonce_size;
        int written = 0;
        return EVP_EncryptInit_ex2(context_, nullptr, nullptr, bytes_of(envelope) + header_size, nullptr) ==
                   1 &&
               EVP_EncryptUpdate(context_, nullptr, &written, bytes_of(envelope), header_size) == 1 &&
               EVP_EncryptUpdate(
                   context_, nullptr, &written, bytes_of(place), static_cast<int>(place.size())) == 1 &&
               EVP_EncryptUpdate(context_, to, &written, bytes_of(plain), static_cast<int>(plain.size())) ==
                   1 &&
               EVP_EncryptFinal_ex(context_, to + plain.size(), &written) == 1 &&
               EVP_CIPHER_CTX_ctrl(
                   context_, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), to + plain.size()) == 1;
    }

    // `plain` has the size of the ciphertext.
    bool decrypt(std::string_view place, std::string_view envelope, std::string& plain) {
        const unsigned char* const from = bytes_of(envelope) + header_size + nonce_size;
        // OpenSSL copies the tag, but wants it writable.
        std::array<unsigned char, tag_size> tag{};
        std::copy_n(from + plain.size(), tag_size, tag.begin());
        int written = 0;
        return EVP_DecryptInit_ex2(context_, nullptr, nullptr, bytes_of(envelope) + header_size, nullptr) ==
                   1 &&
               EVP_DecryptUpdate(context_, nullptr, &written, bytes_of(envelope), header_size) == 1 &&
               EVP_DecryptUpdate(
                   context_, nullptr, &written, bytes_of(place), static_cast<int>(place.size())) == 1 &&
               EVP_DecryptUpdate(context_, bytes_of(plain), &written, from, static_cast<int>(plain.size())) ==
                   1 &&
               EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), tag.data()) ==
                   1 &&
               EVP_DecryptFinal_ex(context_, bytes_of(plain) + plain.size(), &written) == 1;
    }

private:
    EVP_CIPHER* cipher_;
    EVP_CIPHER_CTX* context_;
};

// Names a key for the life of the process; an address would be given away again.
using key_number = std::uint64_t;

key_number next_key_number() {
    static std::atomic<key_number> last{0};
    return ++last;
}

// This thread's contexts, for the keys that it used last. After a reload the old keys' schedules stay here
// until others push them out.
gcm_context& context_for(key_number number, std::string_view key) {
    struct slot {
        key_number number{0};
        gcm_context context;
    };
    thread_local std::array<slot, 4> slots;
    thread_local std::size_t next = 0;

    for (slot& known : slots)
        if (known.number == number) return known.context;
    slot& taken = slots.at(next);
    next = (next + 1) % slots.size();
    taken.number = 0;
    if (!taken.context.set_key(key)) throw std::runtime_error{"setting a key failed in OpenSSL"};
    taken.number = number;
    return taken.context;
}

} // namespace

struct sealer::keys {
    struct entry {
        sealing_key key;
        key_number number{next_key_number()};

        [[nodiscard]] gcm_context& context() const { return context_for(number, key.bytes.reveal()); }
    };

    std::vector<entry> all;
    hmac_sha256 fingerprinting;

    [[nodiscard]] const entry* find(std::uint32_t id) const {
        const auto found =
            std::find_if(all.begin(), all.end(), [id](const auto& entry) { return entry.key.id == id; });
        return found == all.end() ? nullptr : &*found;
    }
};

sealer::sealer(std::vector<sealing_key> given) {
    if (given.empty()) throw std::invalid_argument{"no sealing key"};
    for (auto key = given.begin(); key != given.end(); ++key) {
        if (key->bytes.reveal().size() != key_size)
            throw std::invalid_argument{"sealing key " + std::to_string(key->id) + " is not 32 bytes"};
        if (std::any_of(given.begin(), key, [key](const auto& other) { return other.id == key->id; }))
            throw std::invalid_argument{"sealing key " + std::to_string(key->id) + " is there twice"};
    }
    const hmac_sha256 fingerprinting = derive_key(given.front().bytes.reveal(), "wxlogind fingerprint 1");
    keys_ = std::make_unique<keys>(keys{{}, fingerprinting});
    for (sealing_key& key : given) keys_->all.push_back({std::move(key)});
}

sealer::~sealer() = default;

std::string sealer::seal(std::string_view plain, std::string_view place) const {
    if (plain.size() > max_plain_size) throw std::length_error{"too large to seal"};
    const keys::entry& sealing = keys_->all.front();
    std::string envelope(overhead + plain.size(), '\0');
    put_header(envelope, sealing.key.id);
    fill_random({bytes_of(envelope) + header_size, nonce_size});
    if (!sealing.context().encrypt(place, plain, envelope))
        throw std::runtime_error{"sealing failed in OpenSSL"};
    return envelope;
}

std::string sealer::newest_prefix() const {
    std::string prefix(header_size, '\0');
    put_header(prefix, keys_->all.front().key.id);
    return prefix;
}

std::optional<std::uint32_t> key_of_envelope(std::string_view envelope) noexcept {
    if (envelope.size() < overhead || bytes_of(envelope)[0] != envelope_version) return std::nullopt;
    return key_id_of(envelope);
}

result<secret> sealer::open(std::string_view envelope, std::string_view place) const {
    const auto key = key_of_envelope(envelope);
    if (!key || envelope.size() > overhead + max_plain_size) return errc::internal;
    const keys::entry* const opening = keys_->find(*key);
    if (opening == nullptr) return errc::internal;

    std::string plain(envelope.size() - overhead, '\0');
    const bool is_right = opening->context().decrypt(place, envelope, plain);
    secret opened{std::move(plain)};
    if (!is_right) return errc::internal;
    return opened;
}

std::uint32_t sealer::newest_key() const noexcept {
    return keys_->all.front().key.id;
}

std::vector<std::uint32_t> sealer::key_ids() const {
    std::vector<std::uint32_t> all;
    for (const keys::entry& each : keys_->all) all.push_back(each.key.id);
    return all;
}

bool sealer::opens_all_of(const sealer& other, std::span<const std::uint32_t> may_be_missing) const {
    return std::all_of(other.keys_->all.begin(), other.keys_->all.end(), [&](const auto& its) {
        const keys::entry* const ours = keys_->find(its.key.id);
        if (ours == nullptr)
            return std::find(may_be_missing.begin(), may_be_missing.end(), its.key.id) !=
                   may_be_missing.end();
        return CRYPTO_memcmp(ours->key.bytes.reveal().data(), its.key.bytes.reveal().data(), key_size) == 0;
    });
}

std::uint64_t sealer::fingerprint(std::string_view plain) const {
    const sha256_digest digest = keys_->fingerprinting(plain);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
    return number;
}

std::vector<std::string> sealer::blind_indexes(std::string_view plain) const {
    std::vector<std::string> all;
    all.reserve(keys_->all.size());
    for (const keys::entry& each : keys_->all) {
        const sha256_digest digest = derive_key(each.key.bytes.reveal(), "wxlogind blind index 1")(plain);
        all.emplace_back(as_text(digest).substr(0, blind_index_size));
    }
    return all;
}

} // namespace wxlogind
