// What users have told WeChat about themselves, beyond who they are.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

struct profile {
    std::string nickname{}; // "" = the anonymous profile
    std::string avatar_url{};
    int gender{0}; // 0 unknown, 1 male, 2 female
    std::string language{};
    std::string city{};
    std::string province{};
    std::string country{};
    std::string phone{}; // without the country code
    std::string country_code{"86"};
};

// Any thread.
class profile_book {
public:
    // A user nobody has told about has the anonymous profile, and a phone number that follows from the name.
    [[nodiscard]] profile of(std::string_view user) const;
    // False: 100,000 users have profiles already.
    bool put(std::string_view user, profile what);

private:
    mutable std::mutex lock_;
    std::map<std::string, profile, std::less<>> known_;
};

// What everybody's profile looks like to apps today: the nickname and the grey avatar.
[[nodiscard]] profile anonymous_profile();

} // namespace wxlogind::wechat_sim
