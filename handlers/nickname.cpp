#include "handlers/nickname.hpp"

#include <algorithm>
#include <cstddef>

namespace wxlogind::handlers {

namespace {

enum class standing : unsigned char {
    anywhere,
    inside, // not at the ends
    nowhere,
    refused,
};

struct character_range {
    char32_t first;
    char32_t last;
    standing may_stand;
};

// In ascending order; what is not there may stand anywhere.
constexpr character_range ranges[] = {
    {0x00, 0x1f, standing::refused},     {0x20, 0x20, standing::inside},
    {0x7f, 0x9f, standing::refused},     {0xa0, 0xa0, standing::inside}, // no-break space
    {0xad, 0xad, standing::nowhere},                                     // soft hyphen
    {0x115f, 0x1160, standing::inside},                                  // Hangul fillers: not to be seen
    {0x1680, 0x1680, standing::inside},  {0x180e, 0x180e, standing::nowhere},
    {0x2000, 0x200a, standing::inside},  // spaces of all widths
    {0x200b, 0x200b, standing::nowhere}, // zero-width space
    {0x200c, 0x200f, standing::inside},  // joiners, direction marks
    {0x2028, 0x2029, standing::refused}, // line and paragraph ends
    {0x202a, 0x202e, standing::nowhere}, // embeddings, overrides
    {0x202f, 0x202f, standing::inside},  {0x205f, 0x205f, standing::inside},
    {0x2060, 0x2064, standing::nowhere}, // word joiner, invisible operators
    {0x2066, 0x206f, standing::nowhere}, // isolates
    {0x2800, 0x2800, standing::inside},  // a Braille cell without dots
    {0x3000, 0x3000, standing::inside},  {0x3164, 0x3164, standing::inside},
    {0xfeff, 0xfeff, standing::nowhere}, // byte order mark
    {0xffa0, 0xffa0, standing::inside},  {0xfff9, 0xfffb, standing::nowhere},
};

standing standing_of(char32_t character) noexcept {
    const auto* const found = std::ranges::lower_bound(ranges, character, {}, &character_range::last);
    return found != std::ranges::end(ranges) && found->first <= character ? found->may_stand
                                                                          : standing::anywhere;
}

struct decoded {
    char32_t character;
    std::size_t size;
};

// Of the first character of well-formed UTF-8.
decoded first_of(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {lead, 1};
    const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t character = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i)
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    return {character, size};
}

} // namespace

result<std::string> tidy_nickname(std::string_view sent) {
    std::string kept;
    kept.reserve(sent.size());
    std::size_t visible_end = 0;
    while (!sent.empty()) {
        const auto [character, size] = first_of(sent);
        const standing where = standing_of(character);
        if (where == standing::refused) return failure{errc::invalid_request, "nickName: control characters"};
        const bool is_visible = where == standing::anywhere;
        if (is_visible || (where == standing::inside && !kept.empty())) kept.append(sent, 0, size);
        if (is_visible) visible_end = kept.size();
        sent.remove_prefix(size);
    }
    kept.resize(visible_end);
    return kept;
}

} // namespace wxlogind::handlers
