// What endpoints work with. A struct of references: who owns the parts is the composition root's business.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/current.hpp"
#include "core/base/metrics/exposition.hpp"
#include "core/session/current_keyring.hpp"
#include "core/session/revocations.hpp"
#include "core/session/token.hpp"
#include "core/wechat/authorised_calls.hpp"
#include "core/wechat/code_flights.hpp"
#include "core/wechat/token_centre.hpp"
#include "core/wechat/wechat_api.hpp"
#include "handlers/admission/admission.hpp"
#include "handlers/admission/failed_logins.hpp"
#include "handlers/admission/request_limits.hpp"
#include "handlers/app_directory.hpp"
#include "handlers/phone_meter.hpp"
#include "handlers/pictures/avatar_access.hpp"
#include "handlers/readiness.hpp"
#include "handlers/resealing.hpp"
#include "handlers/service_keys.hpp"
#include "storage/audit_log.hpp"
#include "storage/phone_store.hpp"
#include "storage/session_key_store.hpp"
#include "storage/session_store.hpp"
#include "storage/store.hpp"
#include "storage/user_store.hpp"

#include <chrono>
#include <vector>

namespace wxlogind::handlers {

struct token_lifetimes {
    std::chrono::seconds access{7200};
    std::chrono::seconds refresh{2592000}; // of a session that is not refreshed
    std::chrono::seconds session{7776000}; // of any session
    std::chrono::seconds grace{30};        // for a refresh whose answer was lost
};

struct services {
    const wall_clock& clock;
    const app_directory& apps;
    const std::vector<wechat::wechat_api*>& wechat;             // one a reactor, by its index
    const std::vector<wechat::authorised_calls*>& wechat_calls; // likewise
    wechat::token_centre& access_tokens;
    wechat::code_flights& flights;
    storage::login_store& store;
    storage::session_store& sessions;
    storage::session_key_store& session_keys;
    storage::user_store& users;
    storage::audit_log& audit;
    failed_logins& login_failures;
    resealing& reseal;
    const session::current_keyring& keys;
    const handlers::service_keys& service_keys;
    request_limits& limits;
    avatar_access& avatars;
    const session::token_rules& token_rules;
    const current<token_lifetimes>& lifetimes;
    session::revocations& revoked;
    readiness& ready;
    storage::phone_store& phones;
    wechat::code_flights& phone_flights; // codes of the phone number button
    phone_meter& phone_spending;
    // Of what WeChat encrypted, by its watermark; 0: any.
    std::chrono::seconds open_data_longest_age;
    metrics::exposition& metrics;
    const std::vector<admission*>* admissions{nullptr}; // one a reactor; nullptr: everybody is let in
};

} // namespace wxlogind::handlers
