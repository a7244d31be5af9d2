// One thread of another process, stopped while the others run on: what a stuck loop looks like from outside.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>

namespace wxlogind::test {

// Made and destroyed by the same thread; `process` is a child of this process.
class held_thread {
public:
    held_thread(pid_t process, std::string_view name) : id_{find(process, name)} {
        int status = 0;
        if (::ptrace(PTRACE_SEIZE, id_, nullptr, nullptr) != 0 ||
            ::ptrace(PTRACE_INTERRUPT, id_, nullptr, nullptr) != 0 || ::waitpid(id_, &status, __WALL) != id_)
            throw std::runtime_error{"cannot stop thread " + std::string{name}};
    }
    ~held_thread() { ::ptrace(PTRACE_DETACH, id_, nullptr, nullptr); }
    held_thread(const held_thread&) = delete;
    held_thread& operator=(const held_thread&) = delete;

private:
    static pid_t find(pid_t process, std::string_view name) {
        for (const auto& task :
             std::filesystem::directory_iterator{"/proc/" + std::to_string(process) + "/task"}) {
            std::string called;
            std::getline(std::ifstream{task.path() / "comm"}, called);
            if (called == name) return std::stoi(task.path().filename().string());
        }
        throw std::runtime_error{"no thread is called " + std::string{name}};
    }

    pid_t id_;
};

} // namespace wxlogind::test
