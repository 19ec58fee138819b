// Readers that nobody uses at the moment. A thread borrows one for a question and brings it back.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "persistence/sqlite/reader.hpp"

namespace pawl::sqlite {

class ReaderPool {
  public:
    explicit ReaderPool(std::string file) : file_{std::move(file)} {}

    // The answer of `question(Reader&)`. A reader that threw is closed: who knows what state it is in.
    template <class Question>
    auto ask(const Question& question) {
        auto reader = take();
        auto answer = question(*reader);
        give_back(std::move(reader));
        return answer;
    }

  private:
    static constexpr std::size_t idle_limit = 8;  // up to a megabyte of cache each

    std::unique_ptr<Reader> take() {
        {
            const std::lock_guard lock{mutex_};
            if (!idle_.empty()) {
                auto reader = std::move(idle_.back());
                idle_.pop_back();
                return reader;
            }
        }
        return std::make_unique<Reader>(file_);
    }
    void give_back(std::unique_ptr<Reader> reader) {
        const std::lock_guard lock{mutex_};
        if (idle_.size() < idle_limit) idle_.push_back(std::move(reader));
    }

    const std::string file_;
    std::mutex mutex_;  // held for a push or a pop: readers come from any thread, and wait for no one's question
    std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace pawl::sqlite
