// What sessions are supposed to do, in so few words that it is plainly right: the oracle of random tests.
#pragma once

#include "core/base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::test {

struct model_token {
    std::string text;
    std::size_t session{0};
    std::uint32_t generation{0}; // of a refresh token
    unsigned key{0};
    unix_seconds issued; // of an access token
    unix_seconds expires;
};

struct model_session {
    unsigned user{0};
    bool is_limited{false};
    unix_millis created;
    unix_millis expires;
    std::uint32_t generation{0};
    std::optional<unix_millis> rotated;
    std::optional<unix_millis> revoked; // by itself
    bool is_dead_with_user{false};
    bool is_gone{false};
    std::vector<model_token> access;
    std::vector<model_token> refresh;

    [[nodiscard]] bool is_dead() const { return revoked || is_dead_with_user; }
};

struct model_times {
    std::chrono::seconds access;
    std::chrono::seconds sliding;
    std::chrono::seconds longest;
    std::chrono::seconds grace;
    std::chrono::seconds skew;
};

class session_model {
public:
    explicit session_model(model_times times, unsigned users) : times_{times}, is_banned_(users) {}

    std::vector<model_session> sessions;

    [[nodiscard]] bool may_log_in(unsigned user) const { return !is_banned_[user]; }

    void log_in(unsigned user, std::uint32_t most, unix_millis now) {
        sessions.push_back(
            {.user = user,
             .is_limited = most != 0,
             .created = now,
             .expires = now + times_.sliding,
             .rotated = {},
             .revoked = {},
             .access = {},
             .refresh = {}});
        if (most == 0) return;
        std::uint32_t seen = 0;
        for (auto each = sessions.rbegin(); each != sessions.rend(); ++each) {
            const bool counts = each->is_limited && each->user == user && !each->revoked && !each->is_gone &&
                                each->expires > now;
            if (counts && ++seen > most) each->revoked = now;
        }
    }

    // Whether an access token counts.
    [[nodiscard]] bool is_valid(const model_token& token, unix_millis now) const {
        const auto moment = std::chrono::floor<std::chrono::seconds>(now);
        return verifies(token) && moment >= token.issued - times_.skew &&
               moment < token.expires + times_.skew && !sessions[token.session].is_dead();
    }

    enum class refreshed {
        invalid,
        blocked,
        rotated,
        repeated,
    };
    refreshed refresh(const model_token& token, unix_millis now) {
        model_session& session = sessions[token.session];
        if (!verifies(token) || std::chrono::floor<std::chrono::seconds>(now) >= token.expires)
            return refreshed::invalid;
        if (session.is_gone) return refreshed::invalid;
        if (is_banned_[session.user]) return refreshed::blocked;
        if (session.is_dead() || session.expires <= now || session.created + times_.longest <= now)
            return refreshed::invalid;
        if (token.generation == session.generation) {
            ++session.generation;
            session.rotated = now;
            session.expires = std::min(now + times_.sliding, session.created + times_.longest);
            return refreshed::rotated;
        }
        if (token.generation + 1 == session.generation && now - *session.rotated <= times_.grace)
            return refreshed::repeated;
        session.revoked = now;
        ++thefts;
        return refreshed::invalid;
    }

    // By a token that counts.
    void log_out(const model_token& token, bool all, unix_millis now) {
        if (all)
            end_all_of(sessions[token.session].user);
        else if (!sessions[token.session].revoked)
            sessions[token.session].revoked = now;
    }
    void ban(unsigned user) {
        is_banned_[user] = true;
        end_all_of(user);
    }
    void unban(unsigned user) { is_banned_[user] = false; }
    // A login after it makes somebody else.
    void erase(unsigned user) {
        is_banned_[user] = false;
        for (model_session& each : sessions)
            if (each.user == user) each.is_dead_with_user = each.is_gone = true;
    }

    void sweep(unix_millis now) {
        for (model_session& each : sessions)
            if (each.expires <= now) each.is_gone = true;
    }

    // Of every token: the key that signs it now.
    unsigned signing_key{0};
    unsigned thefts{0};

    [[nodiscard]] bool verifies(const model_token& token) const { return token.key + 1 >= signing_key; }

private:
    void end_all_of(unsigned user) {
        for (model_session& each : sessions)
            if (each.user == user) each.is_dead_with_user = true;
    }

    model_times times_;
    std::vector<bool> is_banned_;
};

} // namespace wxlogind::test
