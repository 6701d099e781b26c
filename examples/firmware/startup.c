/* How a Cortex-M3 comes from reset to main(): the first words of the flash, and the copying of what
 * begins with a value. Serves the firmware example on the board mps2-an385. */
#include <stdint.h>
#include <string.h>

extern uint32_t __StackTop;
extern unsigned char __data_load__, __data_start__, __data_end__;
extern void _start(void); /* newlib's: clears .bss, calls main and ends the program */

void reset_handler(void);
void fault_handler(void);

void reset_handler(void)
{
        memcpy(&__data_start__, &__data_load__, (size_t)(&__data_end__ - &__data_start__));
        _start();
}

/* An error of the machine ends the program by semihosting: SYS_EXIT, "run time error". */
void fault_handler(void)
{
        __asm__ volatile("mov r0, #0x18\n\tldr r1, =0x20023\n\tbkpt 0xab");
        for (;;) {
        }
}

typedef struct vectors {
        const void *stack;
        void (*handlers[15])(void);
} vectors;

__attribute__((section(".vectors"), used)) static const vectors table = {
        &__StackTop,
        {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler},
};
