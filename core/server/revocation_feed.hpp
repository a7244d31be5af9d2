// From the database to the memory that token checks ask.
#pragma once

#include "core/session/revocations.hpp"
#include "storage/session_store.hpp"

namespace wxlogind {

class revocation_feed final : public storage::revocation_observer {
public:
    // `into` outlives this.
    explicit revocation_feed(session::revocations& into) : into_{into} {}

    void revoked(const storage::revocation& what) noexcept override {
        if (what.is_of_all)
            into_.add_user(what.user, what.sid, what.until);
        else
            into_.add_session(what.user, what.sid, what.until);
    }

    void renamed(const storage::user_alias& what) noexcept override {
        if (what.survivor)
            into_.add_merge(what.merged, *what.survivor, what.until);
        else
            into_.remove_merge(what.merged);
    }

private:
    session::revocations& into_;
};

} // namespace wxlogind
