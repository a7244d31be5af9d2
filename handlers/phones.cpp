#include "handlers/phones.hpp"

#include "handlers/sealed_places.hpp"
#include "handlers/user_json.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <optional>

namespace wxlogind::handlers {

namespace {

// Of a user, or of one who was merged.
template <class Record>
std::optional<wechat::phone_number> phone_of(const Record& whose, const services& with) {
    if (whose.sealed_phone.empty()) return std::nullopt;
    const sealer& seal = with.keys.now().sealer();
    const auto opened = seal.open(whose.sealed_phone, place_of_phone(whose.phone_sealed_for));
    if (!opened) return std::nullopt;
    return wechat::from_stored(opened->reveal());
}

template <class Record>
void append_number_of(std::string& to, const Record& whose, const services& with) {
    if (whose.sealed_phone.empty()) return;
    if (const auto phone = phone_of(whose, with))
        return append_member(to, "phone_number", wechat::to_international(*phone));
    to += R"(,"phone_number_unreadable":true)";
    const auto key = key_of_envelope(whose.sealed_phone);
    log_warning(
        "a stored phone number cannot be opened: its key is missing, or it was damaged",
        {{"user", to_string(whose.id)}, {"key", key ? "sealing:" + std::to_string(*key) : ""}});
}

} // namespace

std::string masked_phone_of(const storage::user_record& user, const services& with) {
    const auto phone = phone_of(user, with);
    return phone ? wechat::to_masked(*phone) : std::string{};
}

void append_phone_number(std::string& to, const storage::user_record& user, const services& with) {
    append_number_of(to, user, with);
}

void append_phone_number(std::string& to, const storage::merged_record& user, const services& with) {
    append_number_of(to, user, with);
}

std::vector<std::string> indexes_of_phone(std::string_view text, const services& with) {
    const bool is_international = text.starts_with('+');
    const std::string_view digits = text.substr(is_international ? 1 : 0);
    const bool is_number = !digits.empty() && digits.size() <= 19 &&
                           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return {};
    const std::string number = (is_international ? "+" : "+86") + std::string{digits};
    return with.keys.now().sealer().blind_indexes(index_of_phone(number));
}

storage::phone_binding
binding_of(const user_id& user, const wechat::phone_number& phone, const services& with) {
    const sealer& seal = with.keys.now().sealer();
    storage::phone_binding binding;
    binding.user = user;
    binding.sealed = seal.seal(wechat::to_stored(phone), place_of_phone(user));
    binding.all_indexes = seal.blind_indexes(index_of_phone(wechat::to_international(phone)));
    binding.index = binding.all_indexes.front();
    binding.now = with.clock.now();
    return binding;
}

} // namespace wxlogind::handlers
