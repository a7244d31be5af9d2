#include "storage/merge_note.hpp"

#include <charconv>

namespace wxlogind::storage {

namespace {

constexpr std::string_view identities_name{" identities="};
constexpr std::string_view taken_name{" taken="};
constexpr std::string_view aside_name{" aside="};

void append_word(std::string& to, std::string_view word) {
    if (to.back() != '=') to += ',';
    to += word;
}

// What stands before the next comma is cut off.
std::string_view cut_word(std::string_view& list) noexcept {
    const std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(word.size() + 1, list.size()));
    return word;
}

std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    while (!list.empty()) words.emplace_back(cut_word(list));
    return words;
}

} // namespace

std::string to_string(const merge_note& note) {
    std::string text = to_string(note.merged);
    text += identities_name;
    for (const std::int64_t each : note.identities) append_word(text, std::to_string(each));
    text += taken_name;
    for (const std::string& each : note.taken_over) append_word(text, each);
    if (note.set_aside.empty()) return text;
    text += aside_name;
    for (const std::string& each : note.set_aside) append_word(text, each);
    return text;
}

std::optional<merge_note> parse_merge_note(std::string_view text) {
    const std::size_t identities = text.find(identities_name);
    const std::size_t taken = text.find(taken_name);
    if (identities == text.npos || taken == text.npos || taken < identities) return std::nullopt;
    const auto merged = parse_user_id(text.substr(0, identities));
    if (!merged) return std::nullopt;

    merge_note note{.merged = *merged, .identities = {}, .taken_over = {}, .set_aside = {}};
    const std::size_t first = identities + identities_name.size();
    std::string_view numbers = text.substr(first, taken - first);
    while (!numbers.empty()) {
        const std::string_view word = cut_word(numbers);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
        note.identities.push_back(number);
    }
    const std::string_view names = text.substr(taken + taken_name.size());
    const std::size_t aside = names.find(aside_name);
    note.taken_over = words_of(names.substr(0, aside));
    if (aside != names.npos) note.set_aside = words_of(names.substr(aside + aside_name.size()));
    return note;
}

} // namespace wxlogind::storage
