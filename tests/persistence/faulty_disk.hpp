// A disk under SQLite that counts and fails as told. While it lives, every file that SQLite opens by default is on it.
// Spec: sqlite.org/vfs.html.
#pragma once
#include <sqlite3.h>

#include <atomic>

namespace pawl {

class FaultyDisk {
  public:
    FaultyDisk() : real_{sqlite3_vfs_find(nullptr)}, vfs_{*real_} {
        vfs_.zName = "faulty-disk";
        vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
        vfs_.pAppData = this;
        vfs_.xOpen = open;
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~FaultyDisk() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(real_, 1);
    }
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    std::atomic<bool> full = false;        // writes fail
    std::atomic<bool> sync_fails = false;  // fsyncs fail
    std::atomic<int> log_syncs = 0;        // fsyncs of write-ahead logs
    std::atomic<int> unsynced_writes = 0;  // to write-ahead logs, since their last fsync

  private:
    struct File {
        sqlite3_file base;
        FaultyDisk* disk;
        bool is_log;
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
    template <auto Method, class... Arguments>
    static int pass_on(sqlite3_file* file, Arguments... arguments) {
        auto* const real = of(file)->real();
        return (real->pMethods->*Method)(real, arguments...);
    }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* out, int flags, int* out_flags) {
        auto* const disk = static_cast<FaultyDisk*>(vfs->pAppData);
        auto* const file = of(out);
        file->disk = disk;
        file->is_log = (flags & SQLITE_OPEN_WAL) != 0;
        const int rc = disk->real_->xOpen(disk->real_, name, file->real(), flags, out_flags);
        out->pMethods = file->real()->pMethods != nullptr ? methods() : nullptr;
        return rc;
    }
    static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
        auto* const disk = of(file)->disk;
        if (disk->full) return SQLITE_FULL;
        if (of(file)->is_log) ++disk->unsynced_writes;
        return pass_on<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
    }
    static int sync(sqlite3_file* file, int flags) {
        auto* const disk = of(file)->disk;
        if (disk->sync_fails) return SQLITE_IOERR_FSYNC;
        if (of(file)->is_log) {
            ++disk->log_syncs;
            disk->unsynced_writes = 0;
        }
        return pass_on<&sqlite3_io_methods::xSync>(file, flags);
    }
    static void shm_barrier(sqlite3_file* file) { of(file)->real()->pMethods->xShmBarrier(of(file)->real()); }

    static const sqlite3_io_methods* methods() {
        using M = sqlite3_io_methods;
        static const M all{3,
                           pass_on<&M::xClose>,
                           pass_on<&M::xRead, void*, int, sqlite3_int64>,
                           write,
                           pass_on<&M::xTruncate, sqlite3_int64>,
                           sync,
                           pass_on<&M::xFileSize, sqlite3_int64*>,
                           pass_on<&M::xLock, int>,
                           pass_on<&M::xUnlock, int>,
                           pass_on<&M::xCheckReservedLock, int*>,
                           pass_on<&M::xFileControl, int, void*>,
                           pass_on<&M::xSectorSize>,
                           pass_on<&M::xDeviceCharacteristics>,
                           pass_on<&M::xShmMap, int, int, int, void volatile**>,
                           pass_on<&M::xShmLock, int, int, int>,
                           shm_barrier,
                           pass_on<&M::xShmUnmap, int>,
                           pass_on<&M::xFetch, sqlite3_int64, int, void**>,
                           pass_on<&M::xUnfetch, sqlite3_int64, void*>};
        return &all;
    }

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
};

}  // namespace pawl
