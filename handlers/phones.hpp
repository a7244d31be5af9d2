// Phone numbers of users: sealed in the database, masked nearly everywhere else.
#pragma once

#include "core/wechat/phone_number.hpp"
#include "handlers/services.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

// For user_json.hpp: "" where there is none.
[[nodiscard]] std::string masked_phone_of(const storage::user_record& user, const services& with);

// `,"phone_number":"+8613900000000"`, for those who may see it; nothing where there is none. Where there is
// one that cannot be opened, since the key that it was sealed with is gone or it was damaged:
// `,"phone_number_unreadable":true`, and a line of the log says so.
void append_phone_number(std::string& to, const storage::user_record& user, const services& with);
void append_phone_number(std::string& to, const storage::merged_record& user, const services& with);

// By what a number is found; one under each key. "+8613900000000"; without a plus sign it is of the mainland.
// Empty: not a number.
[[nodiscard]] std::vector<std::string> indexes_of_phone(std::string_view text, const services& with);

[[nodiscard]] storage::phone_binding
binding_of(const user_id& user, const wechat::phone_number& phone, const services& with);

} // namespace wxlogind::handlers
