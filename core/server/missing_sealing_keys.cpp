#include "core/server/missing_sealing_keys.hpp"

#include "core/base/log.hpp"
#include "core/session/key_changes.hpp"

#include <set>

namespace wxlogind {

namespace {

// Some seconds of reading where all of it is cold.
constexpr std::size_t rows_looked_at = 1'000'000;

std::string count_of(const std::map<std::uint32_t, std::uint64_t>& values, std::uint32_t key) {
    const auto found = values.find(key);
    return std::to_string(found == values.end() ? 0 : found->second);
}

} // namespace

task<> tell_of_missing_sealing_keys(
    storage::sealed_store& values, std::shared_ptr<const session::keyring> keys, std::string keys_file) {
    const auto found = co_await values.count_by_key(rows_looked_at);
    if (!found) co_return; // the database has no time or is being closed, and says so itself
    std::set<std::uint32_t> missing;
    for (const auto* const sealed : {&found->session_keys, &found->phones})
        for (const auto& [key, count] : *sealed) missing.insert(key);
    for (const std::uint32_t there : keys->sealer().key_ids()) missing.erase(there);
    if (missing.empty()) log_debug("no sealing key is missing");
    for (const std::uint32_t key : missing)
        log_error(
            "a sealing key is missing: what it has sealed cannot be read. Put it back into keys_file from a "
            "copy of the file, and SIGHUP; if it is lost, users log in again for a session_key and give "
            "their phone number again",
            {{"key", session::name_of_sealing_key(key)},
             {"keys_file", keys_file},
             {"session_keys", count_of(found->session_keys, key), true},
             {"phones", count_of(found->phones, key), true},
             {"counted", found->is_whole ? "all" : "the newest million"}});
}

} // namespace wxlogind
