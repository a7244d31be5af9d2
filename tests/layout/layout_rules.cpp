#include "tests/layout/layout_rules.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace wxlogind::test {

namespace {

using names = std::span<const std::string_view>;

// A directory ends with '/', a file does not. The first rule that fits a file counts.
struct direction {
    std::string_view from;
    std::vector<std::string_view> to;
};

const std::array directions{
    direction{"core/base/", {"core/base/"}},
    direction{"core/net/", {"core/net/", "core/base/"}},
    direction{"core/wechat/", {"core/wechat/", "core/net/", "core/base/"}},
    direction{"core/session/", {"core/session/", "core/base/"}},
    direction{"storage/", {"storage/", "core/base/"}},
    direction{
        "handlers/",
        {"handlers/", "core/base/", "core/net/", "core/wechat/", "core/session/", "storage/store.hpp",
         "storage/session_store.hpp", "storage/session_key_store.hpp", "storage/user_store.hpp",
         "storage/audit_log.hpp", "storage/sealed_store.hpp", "storage/avatar_store.hpp",
         "storage/phone_store.hpp"}},
    // These put the program together, and the commands know the server, not the other way round.
    direction{
        "core/server/",
        {"core/server/", "core/version.hpp", "core/base/", "core/net/", "core/wechat/", "core/session/",
         "handlers/", "storage/"}},
    direction{"core/", {"core/", "handlers/", "storage/"}},
    direction{"bench/", {""}},
    direction{"tests/", {""}},
};

struct confinement {
    std::string_view library; // the beginning of an include
    std::vector<std::string_view> at;
};

const std::array confinements{
    confinement{"sqlite3.h", {"storage/sqlite/", "tests/"}},
    confinement{"libpq-fe.h", {"storage/postgres/", "tests/"}},
    confinement{
        "boost/beast",
        {"core/net/http_reader.cpp", "core/net/response_reader.cpp", "bench/wechat-sim/", "tests/"}},
    // Wiping and comparing memory: no cryptography.
    confinement{"openssl/crypto.h", {"core/base/", "core/session/", "core/net/tls_", "bench/", "tests/"}},
    confinement{
        "openssl/",
        {"core/base/aes_cbc.cpp", "core/base/aes_gcm.cpp", "core/base/hmac.cpp", "core/base/random.cpp",
         "core/base/rsa_pss.cpp", "core/base/sealing.cpp", "core/base/sha1.cpp",
         "core/net/tls_client_context.cpp", "core/net/tls_engine.cpp", "core/net/tls_server_context.cpp",
         "bench/", "tests/"}},
    confinement{"boost/asio/ssl", {"bench/wechat-sim/wire/", "tests/"}},
    confinement{"ares.h", {"core/net/name_lookup.cpp"}},
    confinement{"prometheus/", {"core/base/metrics/", "tests/"}},
    confinement{"systemd/", {"core/server/service_manager.cpp"}},
    confinement{"toml++/", {"core/base/config_section.hpp", "core/session/keyring_text.cpp", "tests/"}},
    confinement{
        "CLI/",
        {"core/commands/command_line.cpp", "core/commands/operator_grammar.hpp",
         "core/commands/operator_grammar.cpp", "bench/"}},
};

// The end of patience; think hard at 300.
constexpr std::size_t most_code_lines = 400;

bool begins_with_any(std::string_view text, names beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [text](std::string_view beginning) {
        return text.starts_with(beginning);
    });
}

} // namespace

std::string check_include_directions(const source_file& file) {
    const auto rule = std::find_if(directions.begin(), directions.end(), [&file](const direction& each) {
        return file.path.starts_with(each.from);
    });
    if (rule == directions.end()) return "lies where no rule is for";
    for (const std::string& included : file.quoted_includes) {
        if (included.find('/') == std::string::npos) return "includes " + included + " not from the root";
        if (!begins_with_any(included, rule->to)) return "must not include " + included;
    }
    return {};
}

std::string check_library_includes(const source_file& file) {
    for (const std::string& included : file.system_includes) {
        const auto rule =
            std::find_if(confinements.begin(), confinements.end(), [&included](const confinement& each) {
                return included.starts_with(each.library);
            });
        if (rule != confinements.end() && !begins_with_any(file.path, rule->at))
            return "must not include <" + included + ">";
    }
    return {};
}

std::string check_header_guard(const source_file& file) {
    if (!file.is_header() || file.text.find("\n#pragma once\n") != std::string::npos ||
        file.text.starts_with("#pragma once\n"))
        return {};
    return "has no #pragma once";
}

std::string check_size(const source_file& file) {
    if (file.code_lines <= most_code_lines) return {};
    return "has " + std::to_string(file.code_lines) + " code lines (at most " +
           std::to_string(most_code_lines) + ")";
}

} // namespace wxlogind::test
