// Open data as mini programs send it: at a login, for the profile, for the phone number.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/json_reading.hpp"
#include "core/wechat/open_data.hpp"
#include "handlers/forms/query_fields.hpp"
#include "storage/store.hpp"

#include <optional>

namespace wxlogind::handlers {

// `rawData` and `signature`. What the text says counts only when it is found to be signed.
struct signed_profile {
    wechat::signed_text text;
    storage::profile_change profile;
};

struct open_data_form {
    std::optional<signed_profile> from_raw_data;
    std::optional<wechat::encrypted_text> encrypted;

    [[nodiscard]] bool empty() const noexcept { return !from_raw_data && !encrypted; }
};

// Either, both or none: an empty text is none. Needs no key: what can be wrong here is wrong whoever sends
// it. errc::invalid_request: detail begins with the field's name, also where one of a pair is missing.
[[nodiscard]] result<open_data_form> read_open_data(const query_fields& fields);
[[nodiscard]] result<open_data_form> read_open_data(const json_members& fields);

// `encryptedData` and `iv` alone, which have to be there.
[[nodiscard]] result<wechat::encrypted_text> read_encrypted(const json_members& fields);

} // namespace wxlogind::handlers
