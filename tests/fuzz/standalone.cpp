// Runs a target without libFuzzer: the texts of a corpus, then variations of them from a fixed seed.
//
//   TARGET CORPUS_FOLDER [SECONDS]        an input that kills it, or lets it hang until SIGTERM, is left in
//   "last-input"
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t longest = 4096;

const std::string* running = nullptr;

void on_death(int signal) {  // only what a signal handler may call
    const int file = open("last-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (running && write(file, running->data(), running->size()) >= 0) close(file);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void catch_death() {
    static std::array<char, 65536> stack;  // the usual one may be what overflowed
    stack_t alternate{};
    alternate.ss_sp = stack.data();
    alternate.ss_size = stack.size();
    sigaltstack(&alternate, nullptr);
    struct sigaction action {};
    action.sa_handler = on_death;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM}) sigaction(signal, &action, nullptr);
}

void run(const std::string& text) {
    running = &text;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

class Mutator {
  public:
    explicit Mutator(const std::vector<std::string>& corpus) : corpus_{corpus} {}
    std::string next() {
        std::string text = one();
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
        if (text.size() > longest) text.resize(longest);
        return text;
    }

  private:
    std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
    const std::string& one() { return corpus_[below(corpus_.size())]; }
    void change(std::string& text) {
        static const std::string strange{
            "\"'`\\/[](){}|.,:;?*%#@$^&=<>!~+-019eE \n\t\x7f\xc3\xa9\xf0\x9f\x98\x80\xff\0", 49};
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = std::min(1 + below(8), text.size() - at);
        switch (below(6)) {
            case 0:
                text.erase(at, length);
                break;
            case 1:
                text.insert(at, 1, strange[below(strange.size())]);
                break;
            case 2:
                if (at < text.size()) text[at] = strange[below(strange.size())];
                break;
            case 3:
                text.insert(at, text.substr(below(text.size() + 1), 1 + below(16)));
                break;
            case 4: {
                const std::string& other = one();
                text.replace(at, length, other.substr(below(other.size() + 1), 1 + below(32)));
                break;
            }
            default:
                for (std::size_t times = below(30); times > 0 && text.size() < longest; --times) {
                    text.insert(at, text.substr(at, length));
                }
        }
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " CORPUS_FOLDER [SECONDS]\n";
        return 2;
    }
    catch_death();
    std::vector<std::filesystem::path> files{std::filesystem::directory_iterator{argv[1]}, {}};
    std::sort(files.begin(), files.end());
    std::vector<std::string> corpus;
    for (const auto& file : files) {
        std::ifstream in{file, std::ios::binary};
        corpus.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
        run(std::string{corpus.back()});
    }
    if (corpus.empty()) {
        std::cerr << argv[1] << ": no corpus\n";
        return 2;
    }
    Mutator mutator{corpus};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{argc > 2 ? std::atoi(argv[2]) : 0};
    std::size_t runs = corpus.size();
    for (; std::chrono::steady_clock::now() < end; ++runs) run(mutator.next());
    std::cout << runs << " runs\n";
    return 0;
}
