// What the servers of one deployment leave behind, searched for the secrets that went in and out: so every
// test that has a deployment is one for this, too.
//
// The secrets are those that the simulator was told and told (its record), the tokens that clients were
// given, AppSecrets and service keys. None may be in the logs, in any file of the deployment but those that
// are for secrets, in the arguments and the environment of the process, or in an answer that is for somebody
// else.
#pragma once

#include "tests/support/overheard.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace wxlogind::test {

// How a test program says that there is a leak. Where there is none that could say it, nothing is searched.
inline void (*report_leak)(const std::string& what) = nullptr;

// One that was made outside of any deployment. Any thread.
void note_service_key(std::string_view key);

// One thread.
class leak_watch {
public:
    // `files`: the deployment's directory.
    explicit leak_watch(std::filesystem::path files);
    ~leak_watch();
    leak_watch(const leak_watch&) = delete;
    leak_watch& operator=(const leak_watch&) = delete;

    // A file of the test's own, which is not searched. The content of "….secret" is a secret.
    void wrote(std::string_view name, std::string_view content);
    void started(pid_t server, const std::string& public_address, const std::string& internal_address);
    // Before the next one writes its log over this one's.
    void ended(const std::string& log);

    // `record`: of the simulator. Reports what it finds. While the server still runs, and again when it has
    // ended: a write-ahead log is there only before, the last lines of the log only after.
    void search(const std::filesystem::path& record);

private:
    std::filesystem::path files_;
    std::set<std::string> own_files_;
    std::set<std::string> app_secrets_;
    std::set<std::string> reported_;
    std::string said_; // logs, arguments, environment
    std::shared_ptr<overheard> answers_{std::make_shared<overheard>()};
};

} // namespace wxlogind::test
