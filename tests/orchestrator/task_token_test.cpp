#include "orchestrator/functions/task_token.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace pawl {
namespace {

const std::string key(32, 'k');

TEST(TaskToken, OpensToWhatItWasMintedFor) {
    const TokenSigner signer{key};
    for (const std::int64_t execution : {std::int64_t{0}, std::int64_t{1}, INT64_MAX, std::int64_t{-1}}) {
        for (const std::int64_t task : {std::int64_t{0}, std::int64_t{255}, std::int64_t{1} << 40}) {
            const auto opened = signer.open(signer.mint(execution, task));
            ASSERT_TRUE(opened);
            EXPECT_EQ(opened->execution, execution);
            EXPECT_EQ(opened->task, task);
        }
    }
}

TEST(TaskToken, IsTheSameForTheSameTask) {
    EXPECT_EQ(TokenSigner{key}.mint(7, 9), TokenSigner{key}.mint(7, 9));
    EXPECT_NE(TokenSigner{key}.mint(7, 9), TokenSigner{key}.mint(9, 7));
    EXPECT_NE(TokenSigner{key}.mint(7, 9), TokenSigner{TokenSigner::new_key()}.mint(7, 9));
}

TEST(TaskToken, IsShortAndFitsIntoUrls) {
    const auto token = TokenSigner{key}.mint(INT64_MAX, INT64_MAX);
    EXPECT_LE(token.size(), 100U);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
}

TEST(TaskToken, DoesNotOpenWithAnyCharacterChanged) {
    const TokenSigner signer{key};
    const auto token = signer.mint(12, 34);
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (const char c : std::string{"Aa0-_=+/ \n"}) {
            auto changed = token;
            if (changed[i] == c) continue;
            changed[i] = c;
            EXPECT_FALSE(signer.open(changed)) << changed;
        }
    }
}

TEST(TaskToken, DoesNotOpenWhatWasNeverMinted) {
    const TokenSigner signer{key};
    const auto token = signer.mint(12, 34);
    EXPECT_FALSE(signer.open(""));
    EXPECT_FALSE(signer.open(token.substr(1)));
    EXPECT_FALSE(signer.open(token + "A"));
    EXPECT_FALSE(signer.open(token + "="));
    EXPECT_FALSE(signer.open(std::string(token.size(), 'A')));
    EXPECT_FALSE(signer.open(std::string(token.size(), '\0')));
    EXPECT_FALSE(TokenSigner{TokenSigner::new_key()}.open(token));
}

TEST(TaskToken, KeysAreLongAndNew) {
    EXPECT_EQ(TokenSigner::new_key().size(), 32U);
    EXPECT_NE(TokenSigner::new_key(), TokenSigner::new_key());
}

}  // namespace
}  // namespace pawl
