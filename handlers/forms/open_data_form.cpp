#include "handlers/forms/open_data_form.hpp"

#include "handlers/forms/profile_form.hpp"

namespace wxlogind::handlers {

namespace {

struct text_pair {
    std::string_view first;
    std::string_view second;
};

// Of two fields that belong together; nullopt: neither was sent.
template <class Fields>
result<std::optional<text_pair>>
read_pair(const Fields& fields, std::string_view first_name, std::string_view second_name) {
    const auto first = fields.text(first_name);
    if (!first) return first.error();
    const auto second = fields.text(second_name);
    if (!second) return second.error();
    const text_pair sent{first->value_or(std::string_view{}), second->value_or(std::string_view{})};
    if (sent.first.empty() && sent.second.empty()) return std::optional<text_pair>{};
    if (sent.first.empty()) return invalid_field(first_name, "missing");
    if (sent.second.empty()) return invalid_field(second_name, "missing");
    return std::optional{sent};
}

result<signed_profile> read_signed_profile(const text_pair& sent) {
    auto text = wechat::read_signed_text(sent.first, sent.second);
    if (!text) return text.error();
    json_document document{"rawData"};
    const auto members = document.read(text->text);
    if (!members) return members.error();
    auto profile = read_profile(*members);
    if (!profile) return profile.error();
    return signed_profile{std::move(*text), std::move(*profile)};
}

template <class Fields>
result<open_data_form> read_form(const Fields& fields) {
    open_data_form form;
    const auto raw_data = read_pair(fields, "rawData", "signature");
    if (!raw_data) return raw_data.error();
    if (*raw_data) {
        auto read = read_signed_profile(**raw_data);
        if (!read) return read.error();
        form.from_raw_data = std::move(*read);
    }
    const auto encrypted = read_pair(fields, "encryptedData", "iv");
    if (!encrypted) return encrypted.error();
    if (*encrypted) {
        auto read = wechat::read_encrypted_text((*encrypted)->first, (*encrypted)->second);
        if (!read) return read.error();
        form.encrypted = std::move(*read);
    }
    return form;
}

} // namespace

result<open_data_form> read_open_data(const query_fields& fields) {
    return read_form(fields);
}

result<open_data_form> read_open_data(const json_members& fields) {
    return read_form(fields);
}

result<wechat::encrypted_text> read_encrypted(const json_members& fields) {
    const auto sent = read_pair(fields, "encryptedData", "iv");
    if (!sent) return sent.error();
    if (!*sent) return invalid_field("encryptedData", "missing");
    return wechat::read_encrypted_text((*sent)->first, (*sent)->second);
}

} // namespace wxlogind::handlers
